// Instance normalisation, and an activation.
//
//   y[n,c,h,w] = f(scale[c]*(x[n,c,h,w] - mean)/sqrt(var + epsilon) + shift[c])
//   with mean and var those of the plane x[n,c], the variance over height*width
//
// Tensors
//   x, y           [batch, C, height, width] in blocks of VECTOR channels, float; may be the same
//                  memory
//   scale, shift   [blocks, VECTOR] float, zero beyond C
//
// Work-items   (b, 1, n): one whole plane each, read three times; blocks in a strided loop
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
