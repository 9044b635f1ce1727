// The way back through tensors combined element by element: a gradient is changed by one of them,
// and summed where that was stretched.
//
//   r[n,c,h,w] = change of g[n,c,h,w] by x[n,c,h,w] and y[n,c,h,w]
//
//   change 0   g          3   g / x           5   x = y ? g : 0
//          1   -g         4   -g / x          6   x = y ? 0 : g
//          2   g * x
//
//   dx[n,c,h,w] = sum of g over the channels, rows and columns for which (c,h,w) stands
//
// Tensors
//   g, x, y, r   [batch, channels, height, width] in blocks of VECTOR channels; r may be the memory
//                of g. x may be stretched as in elementwise.cl. Lanes of r beyond the last channel
//                become zero
//   dx           [batch, channels, height, width] of which each extent is that of g or 1
//
// Work-items   (w, h, plane) with plane = n*blocks + b of what is written, in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

static inline real changed(const real g, const real x, const real y, const int change) {
  switch (change) {
    case 1:
      return -g;
    case 2:
      return g * x;
    case 3:
      return g / x;
    case 4:
      return -g / x;
    case 5:
      return x == y ? g : (real)(0.0f);
    case 6:
      return x == y ? (real)(0.0f) : g;
    default:
      return g;
  }
}

kernel void elementwise_backward(CONST_SHARED_TENSOR(g), CONST_SHARED_TENSOR(x),
                                 CONST_SHARED_TENSOR(y), SHARED_TENSOR(r), const int x_pixel,
                                 const int x_one_channel, const int change, const int blocks,
                                 const int channels, const int height, const int width) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const float lanes = channels - b * VECTOR;
  global const float *in = BLOCK_OF(g, n, b);
  global const float *value = BLOCK_OF(x, n, b);
  global const float *result = BLOCK_OF(y, n, b);
  global float *out = BLOCK_OF(r, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      global const float *p = value + h * x_row + w * x_pixel;
      const real factor = x_one_channel ? (real)(*p) : load(p);
      const real v = changed(load(PIXEL_OF(g, in, h, w)), factor,
                             load(PIXEL_OF(y, result, h, w)), change);
      store(LANES < lanes ? v : (real)(0.0f), PIXEL_OF(r, out, h, w));
    }
  }
}

kernel void stretched_sums(CONST_TENSOR(g), TENSOR(dx), const int blocks, const int channels,
                           const int height, const int width, const int g_channels,
                           const int g_height, const int g_width) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const bool all = channels < g_channels;
  const int last = all ? (g_channels - 1) / VECTOR : b;
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    const int h_end = height < g_height ? g_height : h + 1;
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const int w_end = width < g_width ? g_width : w + 1;
      real sum = 0.0f;
      for (int block = b; block <= last; ++block) {
        global const float *in = BLOCK_OF(g, n, block);
        for (int i = h; i < h_end; ++i) {
          real row = 0.0f;
          for (int j = w; j < w_end; ++j) {
            row += load(PIXEL_OF(g, in, i, j));
          }
          sum += row;
        }
      }
      if (all) {  // the lanes beyond the last channel of g are zero
        float values[VECTOR];
        spill(sum, values);
        for (int lane = 1; lane < VECTOR; ++lane) {
          values[0] += values[lane];
          values[lane] = 0.0f;
        }
        sum = fill(values);
      }
      store(sum, PIXEL_OF(dx, out, h, w));
    }
  }
}
