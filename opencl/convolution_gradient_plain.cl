// The way back through a convolution by its definition: any layout, any groups; the on-device
// reference for the fast kernels, and what they leave.
//
//   dx[n,c,h,w]      = sum over oc,kh,kw of weights[oc,ic,kh,kw] * dy[n,oc,oh,ow]
//                      where oh*stride_h = h + pad_h - kh*dilation_h, ow likewise: taps that divide
//   dw[oc,ic,kh,kw]  = accumulate*dw + sum over n,oh,ow of x[n, g*IC + ic, h, w] * dy[n,oc,oh,ow]
//                      with h = oh*stride_h - pad_h + kh*dilation_h,  w likewise
//   g = oc / OC; IC and OC are the channels and filters of one group; outside the images all is 0
//
// Tensors
//   x, dx     [batch, groups*IC, in_height, in_width]     in blocks of VECTOR channels
//   dy        [batch, groups*OC, out_height, out_width]   in blocks of VECTOR channels
//   weights, dw   [groups*OC, IC, kernel_height, kernel_width] dense
//
// Work-items   dx: (w, h, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels at one pixel, lane after lane
//              dw: (element, 1, 1) in a strided loop
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void convolution_backward_input_plain(
    CONST_TENSOR(dy), global const float *restrict weights, const ulong weights_offset, TENSOR(dx),
    const int blocks, const int channels, const int group_in, const int group_out,
    const int in_height, const int in_width, const int out_height, const int out_width,
    const int kernel_height, const int kernel_width, const int stride_h, const int stride_w,
    const int dilation_h, const int dilation_w, const int pad_h, const int pad_w) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const int taps = kernel_height * kernel_width;
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < in_height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < in_width; w += get_global_size(0)) {
      float sums[VECTOR];
      for (int lane = 0; lane < VECTOR; ++lane) {
        const int c = b * VECTOR + lane;
        float sum = 0.0f;  // also the value of lanes beyond the last channel
        if (c < channels) {
          const int first = c / group_in * group_out;
          global const float *filters =
              weights + weights_offset + ((size_t)first * group_in + c % group_in) * taps;
          for (int oc = 0; oc < group_out; ++oc, filters += group_in * taps) {
            for (int kh = 0; kh < kernel_height; ++kh) {
              const int row = h + pad_h - kh * dilation_h;
              if (row < 0 || row % stride_h != 0 || row / stride_h >= out_height) {
                continue;
              }
              for (int kw = 0; kw < kernel_width; ++kw) {
                const int col = w + pad_w - kw * dilation_w;
                if (col >= 0 && col % stride_w == 0 && col / stride_w < out_width) {
                  sum = fma(filters[kh * kernel_width + kw],
                            *ELEMENT_OF(dy, n, first + oc, row / stride_h, col / stride_w), sum);
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

kernel void convolution_backward_weights_plain(
    CONST_TENSOR(x), CONST_TENSOR(dy), global float *dw, const ulong dw_offset, const int batch,
    const int elements, const int group_in, const int group_out, const int in_height,
    const int in_width, const int out_height, const int out_width, const int kernel_height,
    const int kernel_width, const int stride_h, const int stride_w, const int dilation_h,
    const int dilation_w, const int pad_h, const int pad_w, const int accumulate) {
  for (int i = get_global_id(0); i < elements; i += get_global_size(0)) {
    const int kw = i % kernel_width;
    const int kh = i / kernel_width % kernel_height;
    const int ic = i / kernel_width / kernel_height % group_in;
    const int oc = i / kernel_width / kernel_height / group_in;
    const int c = oc / group_out * group_in + ic;
    float sum = 0.0f;
    for (int n = 0; n < batch; ++n) {
      float image = 0.0f;
      for (int oh = 0; oh < out_height; ++oh) {
        const int h = oh * stride_h - pad_h + kh * dilation_h;
        if (h < 0 || h >= in_height) {
          continue;
        }
        for (int ow = 0; ow < out_width; ++ow) {
          const int w = ow * stride_w - pad_w + kw * dilation_w;
          if (w >= 0 && w < in_width) {
            image = fma(*ELEMENT_OF(x, n, c, h, w), *ELEMENT_OF(dy, n, oc, oh, ow), image);
          }
        }
      }
      sum += image;
    }
    global float *out = dw + dw_offset + i;
    *out = accumulate ? *out + sum : sum;
  }
}
