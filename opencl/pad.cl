// Rows and columns around an image.
//
//   y[n,c,h,w] = x[n,c, h - top, w - left]   inside the image; outside, by `mode`:
//
//   mode 0   value
//        1   the image mirrored at its outermost rows and columns
//        2   the nearest pixel
//        3   the image repeated
//
// Tensors
//   x         [batch, C, in_height, in_width]   in blocks of VECTOR channels, float
//   y         [batch, C, height, width]         likewise
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
