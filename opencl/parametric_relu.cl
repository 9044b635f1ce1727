// Parametric ReLU: a slope for the negative values of every channel.
//
//   y[n,c,h,w] = x[n,c,h,w] < 0 ? slopes[c]*x[n,c,h,w] : x[n,c,h,w]
//
// Tensors
//   x, y      [batch, C, height, width] in blocks of VECTOR channels, float; may be the same memory
//   slopes    [blocks, VECTOR] float, zero beyond C
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void parametric_relu_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y),
                                    global const float *restrict slopes, const int blocks,
                                    const int height, const int width) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const real slope = load(slopes + b * VECTOR);
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real v = load(PIXEL_OF(x, in, h, w));
      store(v < 0.0f ? slope * v : v, PIXEL_OF(y, out, h, w));
    }
  }
}
