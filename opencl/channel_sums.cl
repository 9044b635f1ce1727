// The sum of every channel over all images and pixels: the gradient of a bias.
//
//   sums[c] = accumulate*sums[c] + sum over n, h, w of dy[n,c,h,w]
//
// Tensors
//   dy        [batch, channels, height, width] in blocks of VECTOR channels
//   sums      [channels]
//
// Work-items   channel_sums: (block, 1, 1) in a strided loop; each sums one block of channels, row by row,
//              so that rounding errors grow with the rows and not with the pixels
//              channel_sums_shared, for GPUs: (channel*GROUP + item, 1, 1), a work-group for each channel;
//              neighbours read neighbouring pixels, and what they have is added up in local memory,
//              always in the same order
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16; 1 for channel_sums_shared
//           GROUP    128, a power of two

#include "common/tensor.clh"

#ifndef GROUP
#define GROUP 128
#endif

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

#if VECTOR == 1
kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void channel_sums_shared(
    CONST_TENSOR(dy), global float *sums, const ulong sums_offset, const int batch,
    const int height, const int width, const int accumulate) {
  local float parts[GROUP];
  const int item = get_local_id(0);
  const int c = get_group_id(0);
  const int plane = height * width;
  float sum = 0.0f;
  for (int at = item; at < batch * plane; at += GROUP) {
    sum += *ELEMENT_OF(dy, at / plane, c, at % plane / width, at % width);
  }
  parts[item] = sum;
  for (int half_way = GROUP / 2; half_way > 0; half_way /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < half_way) {
      parts[item] += parts[item + half_way];
    }
  }
  if (item == 0) {
    global float *out = sums + sums_offset + c;
    *out = accumulate ? *out + parts[0] : parts[0];
  }
}
#endif
