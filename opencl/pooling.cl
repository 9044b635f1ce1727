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
//
// Where one work-item has a whole row, maxima under 2×2 and 3×3 windows inside the image take the
// short way: one comparison for each value, unrolled, and a column that two windows share is
// compared once. A NaN or an infinity, which that may miss, is found by a sum at the row's end, and
// the row is done again the long way.

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

// The larger value in every lane, the first one if either is NaN: one instruction.
static inline real larger(const real a, const real b) { return b > a ? b : a; }

// The maximum of `rows` values of a column, which are also added to `sum`.
static inline real column_max(global const float *top, const int row, const int rows, real *sum) {
  real best = load(top);
  *sum += best;
#pragma unroll
  for (int i = 1; i < rows; i++) {
    const real v = load(top + i * row);
    *sum += v;
    best = larger(best, v);
  }
  return best;
}

// The maxima under `count` windows of size × size from `in` on; returns what is NaN where a value was
// not finite.
static inline real row_maxima(global const float *in, global float *out, const int row,
                              const int size, const int step, const int count) {
  real sum = 0.0f;
  if (size == 3 && step == 2) {
    real shared = column_max(in, row, 3, &sum);
    for (int i = 0; i < count; i++, in += 2 * VECTOR, out += VECTOR) {
      const real middle = column_max(in + VECTOR, row, 3, &sum);
      const real last = column_max(in + 2 * VECTOR, row, 3, &sum);
      store(larger(larger(shared, middle), last), out);
      shared = last;
    }
    return sum - sum;
  }
  for (int i = 0; i < count; i++, in += step * VECTOR, out += VECTOR) {
    real best = column_max(in, row, size, &sum);
#pragma unroll
    for (int j = 1; j < size; j++) {
      best = larger(best, column_max(in + j * VECTOR, row, size, &sum));
    }
    store(best, out);
  }
  return sum - sum;
}

// Whether all lanes are zero.
static inline bool is_zero(const real v) {
  float lane[VECTOR];
  spill(v, lane);
  bool zero = true;
  for (int i = 0; i < VECTOR; i++) {
    zero &= lane[i] == 0.0f;
  }
  return zero;
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
    // The windows from `first` on are inside the image, `count` of them; none if all go the long way.
    const int first = (pad_left + stride_width - 1) / stride_width;
    const int size = kernel_width;
    int count = 0;
    if (get_global_size(0) == 1 && kernel_height == size && h.end - h.begin == size &&
        (size == 2 || size == 3)) {
      count = min((in_width + pad_left - size) / stride_width + 1, out_width) - first;
    }
    if (count > 0) {
      global const float *corner = PIXEL_OF(x, in, h.begin, first * stride_width - pad_left);
      global float *start = PIXEL_OF(y, out, oh, first);
      const real found = size == 3 ? row_maxima(corner, start, x_row, 3, stride_width, count)
                                   : row_maxima(corner, start, x_row, 2, stride_width, count);
      count = is_zero(found) ? count : 0;
    }
    for (int ow = get_global_id(0); ow < out_width; ow += get_global_size(0)) {
      if (ow == first && count > 0) {
        ow += count - 1;
        continue;
      }
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
