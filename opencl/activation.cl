// Element-wise functions by themselves, where no other kernel applies them.
//
//   y[n,c,h,w] = f(x[n,c,h,w])    with f chosen by `activation`: those of common/activation.clh, and
//
//   code 16   ELU, SELU       shift*(v < 0 ? slope*(exp(v) - 1) : v)
//        17   softplus        log(1 + exp(v))
//        18   clip            min(max(v, slope), shift)
//        19   hard sigmoid    min(max(slope*v + shift, 0), 1)
//        20   GELU            v/2*(1 + erf(v/sqrt(2)))
//        21   GELU by tanh    v/2*(1 + tanh(sqrt(2/pi)*(v + 0.044715*v^3)))
//        22   mish            v*tanh(log(1 + exp(v)))
//        23   absolute value  |v|
//        24   exponential     exp(v)
//        25   logarithm       log(v)
//        26   linear          slope*v + shift
//        27   power           (slope*v + shift)^exponent
//
// Tensors
//   x, y      [batch, channels, height, width] in blocks of VECTOR channels, float; may be the same
//             memory. Lanes beyond the last channel become zero, for f(v) may be infinite
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops, so that a
//              CPU work-item can take whole rows
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"
#include "common/activation.clh"

// As erfc(-z) for 1 + erf(z), 2/(1 + exp(-2u)) for 1 + tanh(u) leaves nothing to cancel.
static inline real gelu_by_tanh(const real v) {
  return v / (1.0f + exp(-1.5957691216f * (v + 0.044715f * v * v * v)));
}

// tanh(log(1 + e)) = e*(e + 2) / (e*(e + 2) + 2); beyond 20 that is 1 in single precision.
static inline real mish(const real v) {
  const real e = exp(fmin(v, 20.0f));
  const real r = v * (e * (e + 2.0f) / (e * (e + 2.0f) + 2.0f));
  return v > 20.0f ? v : r;
}

static inline real apply(const real v, const int code, const float slope, const float shift,
                         const float exponent) {
  switch (code) {
    case 16:
      return shift * (v < 0.0f ? slope * expm1(v) : v);
    case 17:
      return fmax(v, 0.0f) + log1p(exp(-fabs(v)));
    case 18:
      return v < slope ? (real)(slope) : (v > shift ? (real)(shift) : v);
    case 19: {
      const real t = slope * v + shift;
      return t < 0.0f ? (real)(0.0f) : (t > 1.0f ? (real)(1.0f) : t);
    }
    case 20:
      return 0.5f * v * erfc(-0.70710678118f * v);
    case 21:
      return gelu_by_tanh(v);
    case 22:
      return mish(v);
    case 23:
      return fabs(v);
    case 24:
      return exp(v);
    case 25:
      return log(v);
    case 26:
      return slope * v + shift;
    case 27:
      return pow(slope * v + shift, (real)(exponent));
    default:
      return activate(v, code, slope);
  }
}

kernel void activation_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), const int blocks,
                               const int channels, const int height, const int width,
                               const int activation, const float slope, const float shift,
                               const float exponent) {
  const int plane = get_global_id(2);
  const float lanes = channels - plane % blocks * VECTOR;
  global const float *in = BLOCK_OF(x, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(y, plane / blocks, plane % blocks);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real v = apply(load(PIXEL_OF(x, in, h, w)), activation, slope, shift, exponent);
      store(LANES < lanes ? v : (real)(0.0f), PIXEL_OF(y, out, h, w));
    }
  }
}
