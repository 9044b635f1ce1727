// The way back through a convolution whose weights are not shared between positions.
//
//   dx[n,c,h,w]           = sum over o,kh,kw of weights[o,oh,ow,tap] * dy[n,o,oh,ow]
//                           where oh*stride_h = h + pad_h - kh, ow likewise
//   dw[o,oh,ow,ic,kh,kw]  = accumulate*dw + sum over n of x[n, g*IC + ic, h, w] * dy[n,o,oh,ow]
//                           with h = oh*stride_h - pad_h + kh,  w likewise, 0 in the padding
//   db[o,oh,ow]           = accumulate*db + sum over n of dy[n,o,oh,ow]
//   g = o / OC, the group; tap = (ic*kernel_height + kh)*kernel_width + kw
//
// Tensors
//   x, dx     [batch, groups*IC, in_height, in_width]     in blocks of VECTOR channels
//   dy        [batch, groups*OC, out_height, out_width]   in blocks of VECTOR channels
//   weights, dw   [groups*OC, out_height, out_width, IC, kernel_height, kernel_width] dense
//   db        [groups*OC, out_height, out_width] dense
//
// Work-items   dx: (w, h, plane) with plane = n*blocks + b, in strided loops, lane after lane
//              dw, db: (element, 1, 1) in a strided loop
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void locally_connected_backward_input(
    CONST_TENSOR(dy), global const float *restrict weights, const ulong weights_offset, TENSOR(dx),
    const int blocks, const int channels, const int group_in, const int group_out,
    const int in_height, const int in_width, const int out_height, const int out_width,
    const int kernel_height, const int kernel_width, const int stride_h, const int stride_w,
    const int pad_h, const int pad_w) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const int window = kernel_height * kernel_width;
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < in_height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < in_width; w += get_global_size(0)) {
      float sums[VECTOR];
      for (int lane = 0; lane < VECTOR; ++lane) {
        const int c = b * VECTOR + lane;
        float sum = 0.0f;
        for (int oc = 0; c < channels && oc < group_out; ++oc) {
          const int o = c / group_in * group_out + oc;
          for (int kh = 0; kh < kernel_height; ++kh) {
            const int row = h + pad_h - kh;
            if (row < 0 || row % stride_h != 0 || row / stride_h >= out_height) {
              continue;
            }
            const int oh = row / stride_h;
            for (int kw = 0; kw < kernel_width; ++kw) {
              const int col = w + pad_w - kw;
              if (col >= 0 && col % stride_w == 0 && col / stride_w < out_width) {
                const int ow = col / stride_w;
                const size_t position = ((size_t)o * out_height + oh) * out_width + ow;
                const int tap = c % group_in * window + kh * kernel_width + kw;
                sum = fma(weights[weights_offset + position * group_in * window + tap],
                          *ELEMENT_OF(dy, n, o, oh, ow), sum);
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

kernel void locally_connected_backward_weights(
    CONST_TENSOR(x), CONST_TENSOR(dy), global float *dw, const ulong dw_offset, const int batch,
    const int elements, const int group_in, const int group_out, const int in_height,
    const int in_width, const int out_height, const int out_width, const int kernel_height,
    const int kernel_width, const int stride_h, const int stride_w, const int pad_h,
    const int pad_w, const int accumulate) {
  const int taps = group_in * kernel_height * kernel_width;
  for (int i = get_global_id(0); i < elements; i += get_global_size(0)) {
    const int tap = i % taps;
    const int position = i / taps;
    const int ow = position % out_width;
    const int oh = position / out_width % out_height;
    const int o = position / out_width / out_height;
    const int h = oh * stride_h - pad_h + tap / kernel_width % kernel_height;
    const int w = ow * stride_w - pad_w + tap % kernel_width;
    const int c = o / group_out * group_in + tap / kernel_width / kernel_height;
    float sum = 0.0f;
    if (h >= 0 && h < in_height && w >= 0 && w < in_width) {
      for (int n = 0; n < batch; ++n) {
        sum = fma(*ELEMENT_OF(x, n, c, h, w), *ELEMENT_OF(dy, n, o, oh, ow), sum);
      }
    }
    global float *out = dw + dw_offset + i;
    *out = accumulate ? *out + sum : sum;
  }
}

kernel void locally_connected_backward_bias(CONST_TENSOR(dy), global float *db,
                                            const ulong db_offset, const int batch,
                                            const int elements, const int out_height,
                                            const int out_width, const int accumulate) {
  for (int i = get_global_id(0); i < elements; i += get_global_size(0)) {
    const int o = i / out_width / out_height;
    float sum = 0.0f;
    for (int n = 0; n < batch; ++n) {
      sum += *ELEMENT_OF(dy, n, o, i / out_width % out_height, i % out_width);
    }
    global float *out = db + db_offset + i;
    *out = accumulate ? *out + sum : sum;
  }
}
