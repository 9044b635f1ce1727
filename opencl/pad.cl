// Rows and columns around an image.
//
//   y[n,c,h,w] = x[n,c, h - top, w - left]   inside the image; outside, by `mode`:
//
//   mode 0   value
//        1   the image mirrored at its outermost rows and columns
//        2   the nearest pixel
//        3   the image repeated
//
//   dx[n,c,h,w] = sum of dy over the pixels of y that hold x[n,c,h,w]
//
// Tensors
//   x, dx     [batch, C, in_height, in_width]   in blocks of VECTOR channels, float
//   y, dy     [batch, C, height, width]         likewise
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

// Where a row or column outside [0, size) is taken from; at most one image away from it.
static inline int inside(const int i, const int size, const int mode) {
  switch (mode) {
    case 1:
      return i < 0 ? -i : (i >= size ? 2 * size - 2 - i : i);
    case 3:
      return i < 0 ? i + size : (i >= size ? i - size : i);
    default:
      return clamp(i, 0, size - 1);
  }
}

kernel void pad_forward(CONST_TENSOR(x), TENSOR(y), const int blocks, const int in_height,
                        const int in_width, const int height, const int width, const int top,
                        const int left, const int mode, const float value) {
  const int plane = get_global_id(2);
  global const float *in = BLOCK_OF(x, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(y, plane / blocks, plane % blocks);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    const int in_h = inside(h - top, in_height, mode);
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const int in_w = inside(w - left, in_width, mode);
      const bool outside = in_h != h - top || in_w != w - left;
      const real v = load(PIXEL_OF(x, in, in_h, in_w));
      store(mode == 0 && outside ? (real)(value) : v, PIXEL_OF(y, out, h, w));
    }
  }
}

// The rows (or columns) of y that hold row i of x: up to three runs, the first always there.
typedef struct {
  int begin[3];
  int end[3];
} Runs;

static inline Runs holders(const int i, const int size, const int before, const int out_size,
                           const int mode) {
  const int self = i + before;
  Runs runs = {{self, 0, 0}, {self + 1, 0, 0}};
  if (mode == 1) {
    const int above = before - i;
    const int below = before + 2 * (size - 1) - i;
    runs.begin[1] = above;
    runs.end[1] = i > 0 && above >= 0 ? above + 1 : above;
    runs.begin[2] = below;
    runs.end[2] = i < size - 1 && below < out_size ? below + 1 : below;
  } else if (mode == 2) {
    runs.begin[0] = i == 0 ? 0 : self;
    runs.end[0] = i == size - 1 ? out_size : self + 1;
  } else if (mode == 3) {
    runs.begin[1] = self - size;
    runs.end[1] = self - size >= 0 ? self - size + 1 : self - size;
    runs.begin[2] = self + size;
    runs.end[2] = self + size < out_size ? self + size + 1 : self + size;
  }
  return runs;
}

kernel void pad_backward(CONST_TENSOR(dy), TENSOR(dx), const int blocks, const int in_height,
                         const int in_width, const int height, const int width, const int top,
                         const int left, const int mode) {
  const int plane = get_global_id(2);
  global const float *in = BLOCK_OF(dy, plane / blocks, plane % blocks);
  global float *out = BLOCK_OF(dx, plane / blocks, plane % blocks);
  for (int h = get_global_id(1); h < in_height; h += get_global_size(1)) {
    const Runs rows = holders(h, in_height, top, height, mode);
    for (int w = get_global_id(0); w < in_width; w += get_global_size(0)) {
      const Runs columns = holders(w, in_width, left, width, mode);
      real sum = 0.0f;
      for (int r = 0; r < 3; ++r) {
        for (int i = rows.begin[r]; i < rows.end[r]; ++i) {
          for (int c = 0; c < 3; ++c) {
            for (int j = columns.begin[c]; j < columns.end[c]; ++j) {
              sum += load(PIXEL_OF(dy, in, i, j));
            }
          }
        }
      }
      store(sum, PIXEL_OF(dx, out, h, w));
    }
  }
}
