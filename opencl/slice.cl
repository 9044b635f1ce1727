// Every step-th channel, row and column from a first one on.
//
//   y[n,c,h,w] = x[n, first_c + c*step_c, first_h + h*step_h, first_w + w*step_w]
//   dx[n,c,h,w] = dy where y took it, 0 elsewhere
//
// Tensors
//   x, dx     [batch, in_channels, in_height, in_width]   in blocks of VECTOR channels, float
//   y, dy     [batch, channels, height, width]            likewise
//             Lanes of y and dx beyond the last channel become zero
//
// Work-items   (w, h, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels at one pixel: at once where it is a block of x, else lane after lane
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void slice_forward(CONST_TENSOR(x), TENSOR(y), const int blocks, const int channels,
                          const int height, const int width, const int first_c, const int first_h,
                          const int first_w, const int step_c, const int step_h,
                          const int step_w) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const float lanes = channels - b * VECTOR;
  const bool whole = step_c == 1 && first_c % VECTOR == 0;
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    const int in_h = first_h + h * step_h;
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const int in_w = first_w + w * step_w;
      real v;
      if (whole) {
        v = load(PIXEL_OF(x, BLOCK_OF(x, n, first_c / VECTOR + b), in_h, in_w));
      } else {
        float values[VECTOR];
        for (int lane = 0; lane < VECTOR; ++lane) {
          const int c = first_c + min(b * VECTOR + lane, channels - 1) * step_c;
          values[lane] = *ELEMENT_OF(x, n, c, in_h, in_w);
        }
        v = fill(values);
      }
      store(LANES < lanes ? v : (real)(0.0f), PIXEL_OF(y, out, h, w));
    }
  }
}

// Which element of y is element i of x along one axis; -1 if none is.
static inline int taken(const int i, const int first, const int step, const int count) {
  const int at = (i - first) / step;
  return at * step == i - first && at >= 0 && at < count ? at : -1;
}

kernel void slice_backward(CONST_TENSOR(dy), TENSOR(dx), const int blocks, const int in_channels,
                           const int in_height, const int in_width, const int channels,
                           const int height, const int width, const int first_c,
                           const int first_h, const int first_w, const int step_c,
                           const int step_h, const int step_w) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < in_height; h += get_global_size(1)) {
    const int from_h = taken(h, first_h, step_h, height);
    for (int w = get_global_id(0); w < in_width; w += get_global_size(0)) {
      const int from_w = taken(w, first_w, step_w, width);
      float values[VECTOR];
      for (int lane = 0; lane < VECTOR; ++lane) {
        const int c = b * VECTOR + lane;
        const int from_c = c < in_channels ? taken(c, first_c, step_c, channels) : -1;
        const bool there = from_c >= 0 && from_h >= 0 && from_w >= 0;
        values[lane] = there ? *ELEMENT_OF(dy, n, from_c, from_h, from_w) : 0.0f;
      }
      store(fill(values), PIXEL_OF(dx, out, h, w));
    }
  }
}
