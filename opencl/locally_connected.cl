// Locally connected layer: a convolution with weights of its own at every position of the output.
//
//   y[n,oc,oh,ow] = f( bias[oc,oh,ow] + sum over ic,kh,kw of
//                      weights[oc,oh,ow,ic,kh,kw] * x[n, g*IC + ic, h, w] )
//   with g = oc / OC,  h = oh*stride_h - pad_h + kh,  w = ow*stride_w - pad_w + kw,  x = 0 outside
//   the image, IC and OC the channels and filters of one group, and f an activation
//   (common/activation.clh)
//
// Tensors
//   x         [batch, groups*IC, in_height, in_width]   in blocks of VECTOR channels
//   weights   for block b, row oh, position ow and tap t = (ic*kernel_height + kh)*kernel_width + kw,
//             VECTOR neighbouring filters stand side by side at
//               (b*out_height + oh) * out_width*taps*VECTOR + ow*position_pitch + t*tap_pitch
//             with zeros beyond the last filter: a work-item of a CPU finds its taps in a row, those
//             of a GPU find their positions side by side
//   bias      [blocks, out_height, out_width, VECTOR], likewise
//   y         [batch, groups*OC, out_height, out_width] in blocks of VECTOR channels
//
// Work-items   (ow, oh, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels at one pixel. No weight serves two outputs of an image, so there is nothing
//              to share: the kernel is bound by the stream of weights.
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"
#include "common/activation.clh"

// The input of every lane's own group, where the filters of a block belong to several.
static inline real gather(CONST_TENSOR(x), const int n, const int b, const int ic, const int h,
                          const int w, const int filters, const int group_in,
                          const int group_out) {
  float values[VECTOR];
  for (int lane = 0; lane < VECTOR; ++lane) {
    const int oc = min(b * VECTOR + lane, filters - 1);
    values[lane] = *ELEMENT_OF(x, n, oc / group_out * group_in + ic, h, w);
  }
  return fill(values);
}

kernel void locally_connected_forward(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), const int tap_pitch, const int position_pitch, const int blocks, const int filters,
    const int group_in, const int group_out, const int in_height, const int in_width,
    const int out_height, const int out_width, const int kernel_height, const int kernel_width,
    const int stride_h, const int stride_w, const int pad_h, const int pad_w, const int activation,
    const float slope) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global float *out = BLOCK_OF(y, n, b);
  const int taps = group_in * kernel_height * kernel_width;
  const int group = b * VECTOR / group_out;
  const bool one_group = group == (min((b + 1) * VECTOR, filters) - 1) / group_out;
  for (int oh = get_global_id(1); oh < out_height; oh += get_global_size(1)) {
    const size_t row = ((size_t)b * out_height + oh) * out_width * VECTOR;
    for (int ow = get_global_id(0); ow < out_width; ow += get_global_size(0)) {
      global const float *position = weights + row * taps + (size_t)ow * position_pitch;
      real sum = load(bias + row + ow * VECTOR);
      for (int ic = 0; ic < group_in; ++ic) {
        for (int kh = 0; kh < kernel_height; ++kh) {
          const int h = oh * stride_h - pad_h + kh;
          for (int kw = 0; kw < kernel_width; ++kw) {
            const int w = ow * stride_w - pad_w + kw;
            if (h >= 0 && h < in_height && w >= 0 && w < in_width) {
              const int tap = (ic * kernel_height + kh) * kernel_width + kw;
              const real value =
                  one_group ? (real)(*ELEMENT_OF(x, n, group * group_in + ic, h, w))
                            : gather(x, x_offset, x_image, x_plane, x_row, n, b, ic, h, w, filters,
                                     group_in, group_out);
              sum = fma(load(position + (size_t)tap * tap_pitch), value, sum);
            }
          }
        }
      }
      // NaN and infinity of x get into the lanes beyond the last filter in spite of their zeros.
      sum = LANES + b * VECTOR < filters ? sum : (real)(0.0f);
      store(activate(sum, activation, slope), PIXEL_OF(y, out, oh, ow));
    }
  }
}
