// The way back through spatial pooling, by gather: every input asks the windows that cover it.
//
//   max       dx[n,c,h,w] = sum of dy[n,c,oh,ow] over the windows whose first maximum, row by row, is
//                           x[n,c,h,w]
//   average   dx[n,c,h,w] = sum of dy[n,c,oh,ow] / D[oh,ow] over the windows that cover (h,w)
//             with windows and D as in pooling.cl
//
// Tensors
//   x, dx     [batch, C, in_height,  in_width ] in blocks of VECTOR channels
//   y, dy     [batch, C, out_height, out_width] likewise
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

// The first and one past the last of `windows` windows that cover a position along one axis.
static inline int first_window(const int position, const int before, const int size,
                               const int stride) {
  return position + before < size ? 0 : (position + before - size) / stride + 1;
}

static inline int end_window(const int position, const int before, const int stride,
                             const int windows) {
  return min((position + before) / stride + 1, windows);
}

kernel void max_pooling_backward(CONST_TENSOR(x), CONST_TENSOR(y), CONST_TENSOR(dy), TENSOR(dx),
                                 const int blocks, const int in_height, const int in_width,
                                 const int out_height, const int out_width,
                                 const int kernel_height, const int kernel_width,
                                 const int stride_height, const int stride_width,
                                 const int pad_top, const int pad_left) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *in = BLOCK_OF(x, n, b);
  global const float *best = BLOCK_OF(y, n, b);
  global const float *gradient = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < in_height; h += get_global_size(1)) {
    const int top = first_window(h, pad_top, kernel_height, stride_height);
    const int bottom = end_window(h, pad_top, stride_height, out_height);
    for (int w = get_global_id(0); w < in_width; w += get_global_size(0)) {
      const int left = first_window(w, pad_left, kernel_width, stride_width);
      const int right = end_window(w, pad_left, stride_width, out_width);
      const real mine = load(PIXEL_OF(x, in, h, w));
      real sum = 0.0f;
      for (int oh = top; oh < bottom; ++oh) {
        for (int ow = left; ow < right; ++ow) {
          const real most = load(PIXEL_OF(y, best, oh, ow));
          // What of the window comes before this pixel, row by row, must not hold the maximum.
          real share = mine == most ? load(PIXEL_OF(dy, gradient, oh, ow)) : (real)(0.0f);
          const int start = max(ow * stride_width - pad_left, 0);
          const int end = min(ow * stride_width - pad_left + kernel_width, in_width);
          for (int i = max(oh * stride_height - pad_top, 0); i <= h; ++i) {
            for (int j = start; j < (i < h ? end : w); ++j) {
              share = load(PIXEL_OF(x, in, i, j)) == most ? (real)(0.0f) : share;
            }
          }
          sum += share;
        }
      }
      store(sum, PIXEL_OF(dx, out, h, w));
    }
  }
}

// Pixels of a window along one axis that count for the mean.
static inline int counted(const int start, const int kernel_size, const int size, const int before,
                          const int after) {
  return min(start + kernel_size, size + after) - max(start, -before);
}

kernel void average_pooling_backward(CONST_TENSOR(dy), TENSOR(dx), const int blocks,
                                     const int in_height, const int in_width, const int out_height,
                                     const int out_width, const int kernel_height,
                                     const int kernel_width, const int stride_height,
                                     const int stride_width, const int pad_top, const int pad_left,
                                     const int count_top, const int count_left,
                                     const int count_bottom, const int count_right) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *gradient = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < in_height; h += get_global_size(1)) {
    const int top = first_window(h, pad_top, kernel_height, stride_height);
    const int bottom = end_window(h, pad_top, stride_height, out_height);
    for (int w = get_global_id(0); w < in_width; w += get_global_size(0)) {
      const int left = first_window(w, pad_left, kernel_width, stride_width);
      const int right = end_window(w, pad_left, stride_width, out_width);
      real sum = 0.0f;
      for (int oh = top; oh < bottom; ++oh) {
        const int rows = counted(oh * stride_height - pad_top, kernel_height, in_height, count_top,
                                 count_bottom);
        for (int ow = left; ow < right; ++ow) {
          const int columns = counted(ow * stride_width - pad_left, kernel_width, in_width,
                                      count_left, count_right);
          sum += load(PIXEL_OF(dy, gradient, oh, ow)) / (float)(rows * columns);
        }
      }
      store(sum, PIXEL_OF(dx, out, h, w));
    }
  }
}
