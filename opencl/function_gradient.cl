// The way back through element-wise functions whose derivative is not told by their result.
//
//   dx[n,c,h,w] = f'(x[n,c,h,w]) * dy[n,c,h,w]    with f as in activation.cl
//
//   activation 6   hard swish      x < -3 ? 0 : x > 3 ? 1 : (2x + 3)/6
//              7   swish           s + slope*x*s*(1 - s),  s = sigmoid(slope*x)
//             16   ELU, SELU       x < 0 ? shift*slope*exp(x) : shift
//             17   softplus        sigmoid(x)
//             18   clip            slope <= x <= shift ? 1 : 0
//             19   hard sigmoid    0 < slope*x + shift < 1 ? slope : 0
//             20   GELU            P(x) + x*exp(-x^2/2)/sqrt(2*pi),  P the normal distribution
//             21   GELU by tanh    s + x*s*(1 - s)*u',  s = sigmoid(u),  u the argument in activation.cl
//             22   mish            t + x*(1 - t^2)*sigmoid(x),  t = tanh(softplus(x))
//             23   absolute value  sign(x)
//             24   exponential     exp(x)
//             25   logarithm       1/x
//             26   linear          slope
//             27   power           exponent*slope*(slope*x + shift)^(exponent - 1)
//
// Tensors
//   x         [batch, channels, height, width] in blocks of VECTOR channels
//   dy, dx    the same; may be the same memory. Lanes of dx beyond the last channel become zero
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

static inline real sigmoid(const real v) { return 1.0f / (1.0f + exp(-v)); }

static inline real mish_slope(const real v) {
  const real e = exp(fmin(v, 20.0f));
  const real t = e * (e + 2.0f) / (e * (e + 2.0f) + 2.0f);
  return t + v * (1.0f - t * t) * sigmoid(v);
}

static inline real gelu_by_tanh_slope(const real v) {
  const real s = sigmoid(1.5957691216f * (v + 0.044715f * v * v * v));
  return s + v * s * (1.0f - s) * (1.5957691216f + 0.2140644488f * v * v);
}

static inline real derivative(const real v, const int code, const float slope, const float shift,
                              const float exponent) {
  switch (code) {
    case 6:
      return v < -3.0f ? (real)(0.0f) : (v > 3.0f ? (real)(1.0f) : (2.0f * v + 3.0f) / 6.0f);
    case 7: {
      const real s = sigmoid(slope * v);
      return s + slope * v * s * (1.0f - s);
    }
    case 16:
      return shift * (v < 0.0f ? slope * exp(v) : (real)(1.0f));
    case 17:
      return sigmoid(v);
    case 18:
      return (v >= slope) & (v <= shift) ? (real)(1.0f) : (real)(0.0f);
    case 19: {
      const real t = slope * v + shift;
      return (t > 0.0f) & (t < 1.0f) ? (real)(slope) : (real)(0.0f);
    }
    case 20:
      return 0.5f * erfc(-0.70710678118f * v) + 0.39894228040f * v * exp(-0.5f * v * v);
    case 21:
      return gelu_by_tanh_slope(v);
    case 22:
      return mish_slope(v);
    case 23:
      return v > 0.0f ? (real)(1.0f) : (v < 0.0f ? (real)(-1.0f) : (real)(0.0f));
    case 24:
      return exp(v);
    case 25:
      return 1.0f / v;
    case 27:
      return exponent * slope * pow(slope * v + shift, (real)(exponent - 1.0f));
    default:
      return slope;
  }
}

kernel void function_backward(CONST_TENSOR(x), CONST_SHARED_TENSOR(dy), SHARED_TENSOR(dx),
                              const int blocks, const int channels, const int height,
                              const int width, const int activation, const float slope,
                              const float shift, const float exponent) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const float lanes = channels - b * VECTOR;
  global const float *value = BLOCK_OF(x, n, b);
  global const float *in = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real factor =
          derivative(load(PIXEL_OF(x, value, h, w)), activation, slope, shift, exponent);
      const real v = factor * load(PIXEL_OF(dy, in, h, w));
      store(LANES < lanes ? v : (real)(0.0f), PIXEL_OF(dx, out, h, w));
    }
  }
}
