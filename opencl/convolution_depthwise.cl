// Depthwise convolution: every channel has one filter of its own.
//
//   y[n,c,oh,ow] = f( bias[c] + sum over kh,kw of weights[c,kh,kw] * x[n,c,h,w] [+ summand[n,c,oh,ow]] )
//   with h = oh*stride_h - pad_h + kh*dilation_h,  w likewise, x = 0 outside the image, and f an
//   activation (common/activation.clh)
//
// Tensors
//   x         [batch, C, in_height, in_width]    in blocks of VECTOR channels
//   weights   [blocks, kernel_height, kernel_width, VECTOR], zeros beyond the last channel
//   bias      [blocks, VECTOR], likewise
//   y         [batch, C, out_height, out_width]  in blocks of VECTOR channels
//   summand   only with ADDS: like y, not the same memory
//
// Work-items   (ow, oh, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels at one pixel
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//           ADDS     whether a summand of y's shape is added before f, 0 or 1; default 0

#include "common/tensor.clh"
#include "common/activation.clh"

kernel void convolution_forward_depthwise(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), SUMMAND const int blocks, const int in_height, const int in_width, const int out_height,
    const int out_width, const int kernel_height, const int kernel_width, const int stride_h,
    const int stride_w, const int dilation_h, const int dilation_w, const int pad_h,
    const int pad_w, const int activation, const float slope) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  global const float *filter = weights + b * kernel_height * kernel_width * VECTOR;
  const real start = load(bias + b * VECTOR);
  for (int oh = get_global_id(1); oh < out_height; oh += get_global_size(1)) {
    for (int ow = get_global_id(0); ow < out_width; ow += get_global_size(0)) {
      real sum = start;
      for (int kh = 0; kh < kernel_height; ++kh) {
        const int h = oh * stride_h - pad_h + kh * dilation_h;
        if (h < 0 || h >= in_height) {
          continue;
        }
        for (int kw = 0; kw < kernel_width; ++kw) {
          const int w = ow * stride_w - pad_w + kw * dilation_w;
          if (w >= 0 && w < in_width) {
            const real weight = load(filter + (kh * kernel_width + kw) * VECTOR);
            sum = fma(weight, load(PIXEL_OF(x, in, h, w)), sum);
          }
        }
      }
#if ADDS
      sum += load(PIXEL_OF(summand, BLOCK_OF(summand, n, b), oh, ow));
#endif
      store(activate(sum, activation, slope), PIXEL_OF(y, out, oh, ow));
    }
  }
}
