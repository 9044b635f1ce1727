// A larger image by repeating pixels.
//
//   y[n,c,h,w]  = x[n,c, h/scale_h, w/scale_w]
//   dx[n,c,h,w] = sum of dy over the pixels that repeat (h,w)
//
// Tensors
//   x, dx     [batch, C, in_height, in_width]                   in blocks of VECTOR channels, float
//   y, dy     [batch, C, in_height*scale_h, in_width*scale_w]   likewise
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

kernel void upsample_backward(CONST_TENSOR(dy), TENSOR(dx), const int blocks, const int in_height,
                              const int in_width, const int scale_h, const int scale_w) {
  const int plane = get_global_id(2);
  global const float *in = BLOCK_OF(dy, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(dx, plane / blocks, plane % blocks);
  for (int h = get_global_id(1); h < in_height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < in_width; w += get_global_size(0)) {
      real sum = 0.0f;
      for (int i = h * scale_h; i < (h + 1) * scale_h; ++i) {
        for (int j = w * scale_w; j < (w + 1) * scale_w; ++j) {
          sum += load(PIXEL_OF(dy, in, i, j));
        }
      }
      store(sum, PIXEL_OF(dx, out, h, w));
    }
  }
}
