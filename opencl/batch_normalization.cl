// Batch normalisation in inference, and an activation.
//
//   y[n,c,h,w] = f(scale[c]*x[n,c,h,w] + shift[c])
//   scale[c]   = gamma[c] / sqrt(var[c] + epsilon),  shift[c] = beta[c] - mean[c]*scale[c]
//
// Tensors
//   x, y           [batch, C, height, width] in blocks of VECTOR channels, float; may be the same
//                  memory
//   scale, shift   [blocks, VECTOR] float, zero beyond C
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"
#include "common/activation.clh"

kernel void batch_normalization_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y),
                                        global const float *restrict scale,
                                        global const float *restrict shift, const int blocks,
                                        const int height, const int width, const int activation,
                                        const float slope) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const real factor = load(scale + b * VECTOR);
  const real summand = load(shift + b * VECTOR);
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real v = factor * load(PIXEL_OF(x, in, h, w)) + summand;
      store(activate(v, activation, slope), PIXEL_OF(y, out, h, w));
    }
  }
}
