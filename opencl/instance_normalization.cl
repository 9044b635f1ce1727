// Instance normalisation, both ways, and an activation.
//
//   y[n,c,h,w] = f(scale[c]*(x[n,c,h,w] - mean)/sqrt(var + epsilon) + shift[c])
//   with mean and var those of the plane x[n,c], the variance over height*width
//
//   dx = scale[c]*inverse * (dy - (sum of dy)/area - xhat*(sum of dy*xhat)/area)
//   with inverse = 1/sqrt(var + epsilon),  xhat = (x - mean)*inverse, and the sums over the plane
//   dweight[c] = accumulate*dweight[c] + sum over n of the sums of dy*xhat,  dbias likewise of dy
//
// Tensors
//   x, y           [batch, C, height, width] in blocks of VECTOR channels, float; may be the same
//                  memory
//   dy, dx         the same; may be the same memory
//   scale, shift   [blocks, VECTOR] float, zero beyond C
//   weight, dweight, dbias   [C]
//   parts          [batch, blocks, 2, VECTOR] the sums of dy and of dy*xhat
//
// Work-items   (b, 1, n): one whole plane each, read several times; blocks in a strided loop. The
//              gradients of the parameters: (b, 1, 1) likewise
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// The sums carry their rounding errors along, row by row: a plane can have many thousand pixels.

#include "common/tensor.clh"
#include "common/activation.clh"

// Returns the sum of (v - centre)^power over a plane, power 1 or 2; Kahan's summation of row sums.
static inline real plane_sum(global const float *in, const int row, const int height,
                             const int width, const real centre, const int power) {
  real sum = 0.0f;
  real lost = 0.0f;
  for (int h = 0; h < height; h++) {
    real line = 0.0f;
    for (int w = 0; w < width; w++) {
      const real v = load(in + h * row + w * VECTOR) - centre;
      line += power == 1 ? v : v * v;
    }
    const real part = line - lost;
    const real total = sum + part;
    lost = (total - sum) - part;
    sum = total;
  }
  return sum;
}

kernel void instance_normalization_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y),
                                           global const float *restrict scale,
                                           global const float *restrict shift, const int blocks,
                                           const int channels, const int height, const int width,
                                           const float epsilon, const int activation,
                                           const float slope) {
  const int n = get_global_id(2);
  const float area = (float)height * (float)width;
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global const float *in = BLOCK_OF(x, n, b);
    global float *out = BLOCK_OF(y, n, b);
    const float lanes = channels - b * VECTOR;
    const real mean = plane_sum(in, x_row, height, width, 0.0f, 1) / area;
    const real variance = plane_sum(in, x_row, height, width, mean, 2) / area;
    const real factor = load(scale + b * VECTOR) / sqrt(variance + epsilon);
    const real summand = load(shift + b * VECTOR);
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        const real v = factor * (load(PIXEL_OF(x, in, h, w)) - mean) + summand;
        const real r = activate(v, activation, slope);
        store(LANES < lanes ? r : (real)(0.0f), PIXEL_OF(y, out, h, w));
      }
    }
  }
}

kernel void instance_normalization_backward(
    CONST_TENSOR(x), CONST_SHARED_TENSOR(dy), SHARED_TENSOR(dx), global float *parts,
    const ulong parts_offset, global const float *weight, const ulong weight_offset,
    const int affine, const int wanted, const int blocks, const int channels, const int height,
    const int width, const float epsilon) {
  const int n = get_global_id(2);
  const float area = (float)height * (float)width;
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global const float *in = BLOCK_OF(x, n, b);
    global const float *gradient = BLOCK_OF(dy, n, b);
    global float *out = BLOCK_OF(dx, n, b);
    const real mean = plane_sum(in, x_row, height, width, 0.0f, 1) / area;
    const real variance = plane_sum(in, x_row, height, width, mean, 2) / area;
    const real inverse = 1.0f / sqrt(variance + epsilon);
    real sum = 0.0f;
    real product = 0.0f;
    for (int h = 0; h < height; h++) {
      real line = 0.0f;
      real line_product = 0.0f;
      for (int w = 0; w < width; w++) {
        const real v = load(PIXEL_OF(dy, gradient, h, w));
        line += v;
        line_product = fma(v, (load(PIXEL_OF(x, in, h, w)) - mean) * inverse, line_product);
      }
      sum += line;
      product += line_product;
    }
    global float *part = parts + parts_offset + (size_t)(n * blocks + b) * 2 * VECTOR;
    store(sum, part);
    store(product, part + VECTOR);
    float weights[VECTOR];
    for (int lane = 0; lane < VECTOR; lane++) {
      const int c = b * VECTOR + lane;
      weights[lane] = c < channels ? (affine ? weight[weight_offset + c] : 1.0f) : 0.0f;
    }
    const real factor = fill(weights) * inverse;
    for (int h = 0; wanted && h < height; h++) {
      for (int w = 0; w < width; w++) {
        const real xhat = (load(PIXEL_OF(x, in, h, w)) - mean) * inverse;
        const real v = load(PIXEL_OF(dy, gradient, h, w)) - sum / area - xhat * product / area;
        store(factor * v, PIXEL_OF(dx, out, h, w));
      }
    }
  }
}

kernel void instance_normalization_parameter_gradients(
    global const float *parts, const ulong parts_offset, global float *dweight,
    const ulong dweight_offset, global float *dbias, const ulong dbias_offset,
    const int wants_weight, const int wants_bias, const int batch, const int channels,
    const int accumulate) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    real sum = 0.0f;
    real product = 0.0f;
    for (int n = 0; n < batch; n++) {
      global const float *part = parts + parts_offset + (size_t)(n * blocks + b) * 2 * VECTOR;
      sum += load(part);
      product += load(part + VECTOR);
    }
    float sums[VECTOR];
    float products[VECTOR];
    spill(sum, sums);
    spill(product, products);
    for (int lane = 0; lane < VECTOR && b * VECTOR + lane < channels; lane++) {
      const int c = b * VECTOR + lane;
      if (wants_weight) {
        global float *out = dweight + dweight_offset + c;
        *out = accumulate ? *out + products[lane] : products[lane];
      }
      if (wants_bias) {
        global float *out = dbias + dbias_offset + c;
        *out = accumulate ? *out + sums[lane] : sums[lane];
      }
    }
  }
}
