// The sum of two tensors, and an activation.
//
//   y[n,c,h,w] = f(a[n,c,h,w] + b[n,c,h,w])
//
// Tensors
//   a, b, y   [batch, C, height, width] in blocks of VECTOR channels, float; may be the same memory
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"
#include "common/activation.clh"

kernel void add_forward(CONST_SHARED_TENSOR(a), CONST_SHARED_TENSOR(b), SHARED_TENSOR(y),
                        const int blocks, const int height, const int width, const int activation,
                        const float slope) {
  const int plane = get_global_id(2);
  global const float *first = BLOCK_OF(a, plane / blocks, plane % blocks);
  global const float *second = BLOCK_OF(b, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(y, plane / blocks, plane % blocks);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real v = load(PIXEL_OF(a, first, h, w)) + load(PIXEL_OF(b, second, h, w));
      store(activate(v, activation, slope), PIXEL_OF(y, out, h, w));
    }
  }
}
