// Copies some channels of images into images of their own: the way back through a concatenation and
// through added channels.
//
//   y[n,c,h,w] = x[n, first + c, h, w]    for c < channels
//
// Tensors
//   x         [batch, C, height, width] in blocks of VECTOR channels
//   y         [batch, channels, height, width] likewise; lanes beyond its last channel become zero
//
// Work-items   (w, h, plane) with plane = n*blocks + block of y; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void slice(CONST_TENSOR(x), TENSOR(y), const int first, const int channels,
                  const int height, const int width) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      float lanes[VECTOR];
      for (int lane = 0; lane < VECTOR; ++lane) {
        const int c = b * VECTOR + lane;
        lanes[lane] = c < channels ? *ELEMENT_OF(x, n, first + c, h, w) : 0.0f;
      }
      store(fill(lanes), PIXEL_OF(y, out, h, w));
    }
  }
}
