// The sum of every channel over all images and pixels: the gradient of a bias.
//
//   sums[c] = accumulate*sums[c] + sum over n, h, w of dy[n,c,h,w]
//
// Tensors
//   dy        [batch, channels, height, width] in blocks of VECTOR channels
//   sums      [channels]
//
// Work-items   (block, 1, 1) in a strided loop; each sums one block of channels, row by row, so that
//              rounding errors grow with the rows and not with the pixels
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void channel_sums(CONST_TENSOR(dy), global float *sums, const ulong sums_offset,
                         const int batch, const int channels, const int height, const int width,
                         const int accumulate) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    real sum = 0.0f;
    for (int n = 0; n < batch; ++n) {
      global const float *in = BLOCK_OF(dy, n, b);
      real image = 0.0f;
      for (int h = 0; h < height; ++h) {
        real row = 0.0f;
        for (int w = 0; w < width; ++w) {
          row += load(PIXEL_OF(dy, in, h, w));
        }
        image += row;
      }
      sum += image;
    }
    float lanes[VECTOR];
    spill(sum, lanes);
    for (int lane = 0; lane < VECTOR && b * VECTOR + lane < channels; ++lane) {
      global float *out = sums + sums_offset + b * VECTOR + lane;
      *out = accumulate ? *out + lanes[lane] : lanes[lane];
    }
  }
}
