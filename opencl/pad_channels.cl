// Channels of zeros around those of the input.
//
//   y[n, before + c, h, w] = x[n,c,h,w]   for 0 <= c < channels
//   y[n,c,h,w]             = 0            in all other channels
//
// Tensors
//   x         [batch, channels, height, width]                   in blocks of VECTOR channels, float
//   y         [batch, before + channels + after, height, width]  likewise
//
// Work-items   (w, h, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels of y at one pixel, lane after lane: they need not begin where a block of x does
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void pad_channels_forward(CONST_TENSOR(x), TENSOR(y), const int blocks, const int before,
                                 const int channels, const int height, const int width) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      float values[VECTOR];
      for (int lane = 0; lane < VECTOR; ++lane) {
        const int c = b * VECTOR + lane - before;
        values[lane] = c >= 0 && c < channels ? *ELEMENT_OF(x, n, c, h, w) : 0.0f;
      }
      store(fill(values), PIXEL_OF(y, out, h, w));
    }
  }
}
