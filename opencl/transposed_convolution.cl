// Transposed convolution by gathering: every output pixel collects the windows that reach it.
//
//   y[n,oc,oh,ow] = f( bias[oc] + sum over kh,kw,ic of
//                      weights[oc,kh,kw,ic] * x[n, g*IC + ic, h, w] )
//   over those kh, kw with  h*stride_h = oh + pad_h - kh*dilation_h,  w likewise, and (h,w) a pixel
//   of x;  g = oc / OC;  IC and OC the channels and filters of one group; f an activation
//
// Tensors
//   x         [batch, groups*IC, in_height, in_width]     in blocks of VECTOR channels
//   weights   [blocks, kernel_height, kernel_width, IC, VECTOR], zeros beyond the last filter
//   bias      [blocks, VECTOR], likewise
//   y         [batch, groups*OC, out_height, out_width]   in blocks of VECTOR channels
//
// Work-items   (tile, oh, plane) with plane = n*blocks + b, in strided loops. A tile is TILE pixels of
//              a row, stride_w apart: they see the same taps, and neighbouring pixels of x
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//           TILE     required: pixels of a tile; 1 for the kernel _lanes, which serves groups that do
//                    not begin at a block of channels

#include "common/tensor.clh"
#include "common/activation.clh"

#ifndef TILE
#error "transposed_convolution.cl: TILE is missing"
#endif

// Which pixel of x a tap puts at place t of y along one axis; -1 if none.
static inline int source(const int t, const int stride, const int size) {
  const int at = t / stride;
  return t >= 0 && at * stride == t && at < size ? at : -1;
}

// Where the first pixel of a tile stands; the others follow in steps of stride_w.
static inline int tile_begin(const int tile, const int stride_w) {
  return tile / stride_w * (TILE * stride_w) + tile % stride_w;
}

kernel void transposed_convolution_forward(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), const int blocks, const int tiles, const int filters, const int group_in,
    const int group_out, const int in_height, const int in_width, const int out_height,
    const int out_width, const int kernel_height, const int kernel_width, const int stride_h,
    const int stride_w, const int dilation_h, const int dilation_w, const int pad_h,
    const int pad_w, const int activation, const float slope) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const int first = b * VECTOR / group_out * group_in;
  const float lanes = filters - b * VECTOR;  // beyond the last filter, 0 times infinity is NaN
  const size_t tap_size = (size_t)group_in * VECTOR;
  global const float *filter = weights + b * tap_size * kernel_height * kernel_width;
  global float *out = BLOCK_OF(y, n, b);
  for (int oh = get_global_id(1); oh < out_height; oh += get_global_size(1)) {
    for (int tile = get_global_id(0); tile < tiles; tile += get_global_size(0)) {
      const int begin = tile_begin(tile, stride_w);
      real sums[TILE];
      for (int i = 0; i < TILE; ++i) {
        sums[i] = load(bias + b * VECTOR);
      }
      for (int kh = 0; kh < kernel_height; ++kh) {
        const int h = source(oh + pad_h - kh * dilation_h, stride_h, in_height);
        for (int kw = 0; h >= 0 && kw < kernel_width; ++kw) {
          const int t = begin + pad_w - kw * dilation_w;
          const int w = t >= 0 ? t / stride_w : -((stride_w - 1 - t) / stride_w);  // rounded down
          if (w * stride_w != t || w >= in_width || w + TILE <= 0) {
            continue;
          }
          const bool whole = w >= 0 && w + TILE <= in_width;
          global const float *weight = filter + (kh * kernel_width + kw) * tap_size;
          for (int ic = 0; ic < group_in; ++ic, weight += VECTOR) {
            global const float *in = ELEMENT_OF(x, n, first + ic, h, w);
            const real factor = load(weight);
            if (whole) {
#pragma unroll
              for (int i = 0; i < TILE; ++i) {
                sums[i] = fma(factor, (real)(in[i * VECTOR]), sums[i]);
              }
            } else {
#pragma unroll
              for (int i = 0; i < TILE; ++i) {
                if (w + i >= 0 && w + i < in_width) {
                  sums[i] = fma(factor, (real)(in[i * VECTOR]), sums[i]);
                }
              }
            }
          }
        }
      }
#pragma unroll
      for (int i = 0; i < TILE; ++i) {
        const int ow = begin + i * stride_w;
        if (ow < out_width) {
          const real v = activate(sums[i], activation, slope);
          store(LANES < lanes ? v : (real)(0.0f), PIXEL_OF(y, out, oh, ow));
        }
      }
    }
  }
}

kernel void transposed_convolution_forward_lanes(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), const int blocks, const int tiles, const int filters, const int group_in,
    const int group_out, const int in_height, const int in_width, const int out_height,
    const int out_width, const int kernel_height, const int kernel_width, const int stride_h,
    const int stride_w, const int dilation_h, const int dilation_w, const int pad_h,
    const int pad_w, const int activation, const float slope) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const float lanes = filters - b * VECTOR;  // beyond the last filter, 0 times infinity is NaN
  const size_t tap_size = (size_t)group_in * VECTOR;
  global const float *filter = weights + b * tap_size * kernel_height * kernel_width;
  global float *out = BLOCK_OF(y, n, b);
  for (int oh = get_global_id(1); oh < out_height; oh += get_global_size(1)) {
    for (int ow = get_global_id(0); ow < out_width; ow += get_global_size(0)) {
      real sum = load(bias + b * VECTOR);
      for (int kh = 0; kh < kernel_height; ++kh) {
        const int h = source(oh + pad_h - kh * dilation_h, stride_h, in_height);
        for (int kw = 0; h >= 0 && kw < kernel_width; ++kw) {
          const int w = source(ow + pad_w - kw * dilation_w, stride_w, in_width);
          global const float *weight = filter + (kh * kernel_width + kw) * tap_size;
          for (int ic = 0; w >= 0 && ic < group_in; ++ic, weight += VECTOR) {
            float values[VECTOR];
            for (int lane = 0; lane < VECTOR; ++lane) {
              const int c = min(b * VECTOR + lane, filters - 1) / group_out * group_in + ic;
              values[lane] = *ELEMENT_OF(x, n, c, h, w);
            }
            sum = fma(load(weight), fill(values), sum);
          }
        }
      }
      const real v = activate(sum, activation, slope);
      store(LANES < lanes ? v : (real)(0.0f), PIXEL_OF(y, out, oh, ow));
    }
  }
}
