// The gradient of a transposed convolution by its input: an ordinary convolution of dy.
//
//   dx[n,c,h,w] = sum over o,kh,kw of weights[c,o,kh,kw] * dy[n, g*group_in + o, oh, ow]
//   with g = c / group_out,  oh = h*stride_h - pad_h + kh*dilation_h,  ow likewise, inside dy
//
// Tensors
//   dy        [batch, groups*group_in, in_height, in_width]      in blocks of VECTOR channels
//   weights   [channels, group_in, kernel_height, kernel_width]  dense
//   dx        [batch, channels, out_height, out_width]           in blocks of VECTOR channels
//
// Work-items   (w, h, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels at one pixel, lane after lane
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void transposed_convolution_backward_input(
    CONST_TENSOR(dy), global const float *restrict weights, const ulong weights_offset, TENSOR(dx),
    const int blocks, const int channels, const int group_in, const int group_out,
    const int in_height, const int in_width, const int out_height, const int out_width,
    const int kernel_height, const int kernel_width, const int stride_h, const int stride_w,
    const int dilation_h, const int dilation_w, const int pad_h, const int pad_w) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global float *out = BLOCK_OF(dx, n, b);
  const size_t filter_size = (size_t)group_in * kernel_height * kernel_width;
  for (int h = get_global_id(1); h < out_height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < out_width; w += get_global_size(0)) {
      float sums[VECTOR];
      for (int lane = 0; lane < VECTOR; ++lane) {
        const int c = b * VECTOR + lane;
        float sum = 0.0f;  // also the value of lanes beyond the last channel
        if (c < channels) {
          global const float *weight = weights + weights_offset + c * filter_size;
          for (int o = c / group_out * group_in; o < (c / group_out + 1) * group_in; ++o) {
            for (int kh = 0; kh < kernel_height; ++kh) {
              const int oh = h * stride_h - pad_h + kh * dilation_h;
              for (int kw = 0; kw < kernel_width; ++kw, ++weight) {
                const int ow = w * stride_w - pad_w + kw * dilation_w;
                if (oh >= 0 && oh < in_height && ow >= 0 && ow < in_width) {
                  sum = fma(*weight, *ELEMENT_OF(dy, n, o, oh, ow), sum);
                }
              }
            }
          }
        }
        sums[lane] = sum;
      }
      store(fill(sums), PIXEL_OF(dx, out, h, w));
    }
  }
}
