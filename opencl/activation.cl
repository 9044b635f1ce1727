// Element-wise activations by themselves, where no other kernel applies them.
//
//   y[n,c,h,w] = f(x[n,c,h,w])    with f chosen by `activation`, see common/activation.clh
//
// Tensors
//   x, y      [batch, C, height, width] in blocks of VECTOR channels, float; may be the same memory
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops, so that a
//              CPU work-item can take whole rows
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"
#include "common/activation.clh"

kernel void activation_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), const int blocks,
                               const int height, const int width, const int activation,
                               const float slope) {
  const int plane = get_global_id(2);
  global const float *in = BLOCK_OF(x, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(y, plane / blocks, plane % blocks);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      store(activate(load(PIXEL_OF(x, in, h, w)), activation, slope), PIXEL_OF(y, out, h, w));
    }
  }
}
