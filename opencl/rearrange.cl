// Gives the elements of an image other places.
//
//   y[n][i] = x[n][j],  j = d_0*step_0 + ... + d_5*step_5
//   with i and j counting the elements of an image dense, and d_0 ... d_5 the digits of i in a number
//   system with bases extent_0 ... extent_5, the last one counting ones
//
// Tensors
//   x         [batch, *, x_height, x_width]      in blocks of x_vector channels, float
//   y         [batch, channels, height, width]   in blocks of y_vector channels, float; other memory
//             than x. Lanes beyond its last channel become zero
//
// Work-items   (w, h, plane) with plane = n*blocks + b, in strided loops; each writes one block of
//              channels of y at one pixel, lane after lane
//
// Macros    none: the vector widths are arguments, see reorder.cl

#define VECTOR 1
#include "common/tensor.clh"

kernel void rearrange(CONST_TENSOR(x), TENSOR(y), const int x_vector, const int y_vector,
                      const int x_height, const int x_width, const int channels, const int height,
                      const int width, const int blocks, const int extent_0, const int extent_1,
                      const int extent_2, const int extent_3, const int extent_4,
                      const int extent_5, const int step_0, const int step_1, const int step_2,
                      const int step_3, const int step_4, const int step_5) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const int extents[6] = {extent_0, extent_1, extent_2, extent_3, extent_4, extent_5};
  const int steps[6] = {step_0, step_1, step_2, step_3, step_4, step_5};
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      for (int lane = 0; lane < y_vector; ++lane) {
        const int c = b * y_vector + lane;
        float v = 0.0f;
        if (c < channels) {
          int i = (c * height + h) * width + w;
          int j = 0;
          for (int k = 5; k >= 0; --k) {
            j += i % extents[k] * steps[k];
            i /= extents[k];
          }
          const int x_c = j / (x_height * x_width);
          global const float *in = BLOCK_OF(x, n, x_c / x_vector) + x_c % x_vector;
          v = in[j / x_width % x_height * x_row + j % x_width * x_vector];
        }
        BLOCK_OF(y, n, b)[h * y_row + w * y_vector + lane] = v;
      }
    }
  }
}
