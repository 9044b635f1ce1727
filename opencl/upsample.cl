// A larger image by repeating pixels.
//
//   y[n,c,h,w] = x[n,c, h/scale_h, w/scale_w]
//
// Tensors
//   x         [batch, C, height/scale_h, width/scale_w]   in blocks of VECTOR channels, float
//   y         [batch, C, height, width]                   likewise
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void upsample_forward(CONST_TENSOR(x), TENSOR(y), const int blocks, const int height,
                             const int width, const int scale_h, const int scale_w) {
  const int plane = get_global_id(2);
  global const float *in = BLOCK_OF(x, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(y, plane / blocks, plane % blocks);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      store(load(PIXEL_OF(x, in, h / scale_h, w / scale_w)), PIXEL_OF(y, out, h, w));
    }
  }
}
