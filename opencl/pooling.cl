// Spatial pooling: the maximum or the mean under a sliding window.
//
//   max       y[n,c,oh,ow] = max over h,w of x[n,c,h,w]
//   average   y[n,c,oh,ow] = (sum over h,w of x[n,c,h,w]) / D[oh,ow]
//             with h in [oh*stride_height - pad_top, + kernel_height) and w likewise, both clipped to
//             the image, and D the pixels of the window clipped to the image and count_* around it
//
// Tensors
//   x         [batch, C, in_height,  in_width ] in blocks of VECTOR channels, float
//   y         [batch, C, out_height, out_width] likewise
//
// Work-items   (ow, oh, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// The host guarantees that no window is empty. NaN under a window gives NaN in both.

#include "common/tensor.clh"

// Where a window begins and ends along one axis, clipped to [-before, size + after).
typedef struct {
  int begin;
  int end;
} Span;

static inline Span clip(const int start, const int kernel_size, const int size, const int before,
                        const int after) {
  Span span;
  span.begin = max(start, -before);
  span.end = min(start + kernel_size, size + after);
  return span;
}

static inline real window_max(global const float *plane, const int row, const Span h,
                              const Span w) {
  real best = load(plane + h.begin * row + w.begin * VECTOR);
  for (int i = h.begin; i < h.end; i++) {
    for (int j = w.begin; j < w.end; j++) {
      best = max_or_nan(best, load(plane + i * row + j * VECTOR));
    }
  }
  return best;
}

static inline real window_sum(global const float *plane, const int row, const Span h,
                              const Span w) {
  real sum = 0.0f;
  for (int i = h.begin; i < h.end; i++) {
    for (int j = w.begin; j < w.end; j++) {
      sum += load(plane + i * row + j * VECTOR);
    }
  }
  return sum;
}

kernel void max_pooling_forward(CONST_TENSOR(x), TENSOR(y), const int blocks, const int in_height,
                                const int in_width, const int out_height, const int out_width,
                                const int kernel_height, const int kernel_width,
                                const int stride_height, const int stride_width,
                                const int pad_top, const int pad_left) {
  const int plane = get_global_id(2);
  global const float *in = BLOCK_OF(x, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(y, plane / blocks, plane % blocks);
  for (int oh = get_global_id(1); oh < out_height; oh += get_global_size(1)) {
    const Span h = clip(oh * stride_height - pad_top, kernel_height, in_height, 0, 0);
    for (int ow = get_global_id(0); ow < out_width; ow += get_global_size(0)) {
      const Span w = clip(ow * stride_width - pad_left, kernel_width, in_width, 0, 0);
      store(window_max(in, x_row, h, w), PIXEL_OF(y, out, oh, ow));
    }
  }
}

kernel void average_pooling_forward(CONST_TENSOR(x), TENSOR(y), const int blocks,
                                    const int in_height, const int in_width, const int out_height,
                                    const int out_width, const int kernel_height,
                                    const int kernel_width, const int stride_height,
                                    const int stride_width, const int pad_top, const int pad_left,
                                    const int count_top, const int count_left,
                                    const int count_bottom, const int count_right) {
  const int plane = get_global_id(2);
  global const float *in = BLOCK_OF(x, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(y, plane / blocks, plane % blocks);
  for (int oh = get_global_id(1); oh < out_height; oh += get_global_size(1)) {
    const int top = oh * stride_height - pad_top;
    const Span h = clip(top, kernel_height, in_height, 0, 0);
    const Span rows = clip(top, kernel_height, in_height, count_top, count_bottom);
    for (int ow = get_global_id(0); ow < out_width; ow += get_global_size(0)) {
      const int left = ow * stride_width - pad_left;
      const Span w = clip(left, kernel_width, in_width, 0, 0);
      const Span columns = clip(left, kernel_width, in_width, count_left, count_right);
      const int counted = (rows.end - rows.begin) * (columns.end - columns.begin);
      store(window_sum(in, x_row, h, w) / (float)counted, PIXEL_OF(y, out, oh, ow));
    }
  }
}
