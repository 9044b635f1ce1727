// Convolution by its definition: any layout, any groups; the on-device reference for the fast ones.
//
//   y[n,oc,oh,ow] = f( bias[oc] + sum over ic,kh,kw of
//                      weights[oc,ic,kh,kw] * x[n, g*IC + ic, h, w] [+ summand[n,oc,oh,ow]] )
//   with g = oc / OC,  h = oh*stride_h - pad_h + kh*dilation_h,  w likewise, x = 0 outside the image,
//   IC and OC the channels and filters of one group, and f an activation (common/activation.clh)
//
// Tensors
//   x         [batch, groups*IC, in_height, in_width]     in blocks of VECTOR channels
//   weights   [groups*OC, IC, kernel_height, kernel_width] dense
//   bias      [groups*OC]
//   y         [batch, groups*OC, out_height, out_width]   in blocks of VECTOR channels
//   summand   only with ADDS: like y, not the same memory
//
// Work-items   (ow, oh, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels at one pixel, lane after lane. Used on the CPU family where groups do not
//              begin at a block of channels.
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//           ADDS     whether a summand of y's shape is added before f, 0 or 1; default 0

#include "common/tensor.clh"
#include "common/activation.clh"

kernel void convolution_forward_plain(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), SUMMAND const int blocks, const int filters, const int group_in, const int group_out,
    const int in_height, const int in_width, const int out_height, const int out_width,
    const int kernel_height, const int kernel_width, const int stride_h, const int stride_w,
    const int dilation_h, const int dilation_w, const int pad_h, const int pad_w,
    const int activation, const float slope) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global float *out = BLOCK_OF(y, n, b);
  const size_t filter_size = (size_t)group_in * kernel_height * kernel_width;
  for (int oh = get_global_id(1); oh < out_height; oh += get_global_size(1)) {
    for (int ow = get_global_id(0); ow < out_width; ow += get_global_size(0)) {
      float sums[VECTOR];
      for (int lane = 0; lane < VECTOR; ++lane) {
        const int oc = b * VECTOR + lane;
        float sum = 0.0f;  // also the value of lanes beyond the last filter
        if (oc < filters) {
          const int first = oc / group_out * group_in;
          global const float *weight = weights + oc * filter_size;
          sum = bias[oc];
          for (int ic = 0; ic < group_in; ++ic) {
            for (int kh = 0; kh < kernel_height; ++kh) {
              const int h = oh * stride_h - pad_h + kh * dilation_h;
              for (int kw = 0; kw < kernel_width; ++kw, ++weight) {
                const int w = ow * stride_w - pad_w + kw * dilation_w;
                if (h >= 0 && h < in_height && w >= 0 && w < in_width) {
                  sum = fma(*weight, *ELEMENT_OF(x, n, first + ic, h, w), sum);
                }
              }
            }
          }
        }
        sums[lane] = sum;
      }
      real sum = fill(sums);
#if ADDS
      sum += load(PIXEL_OF(summand, BLOCK_OF(summand, n, b), oh, ow));
#endif
      store(activate(sum, activation, slope), PIXEL_OF(y, out, oh, ow));
    }
  }
}
