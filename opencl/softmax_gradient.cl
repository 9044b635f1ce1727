// The way back through softmax and its logarithm, from their result.
//
//   softmax       dx[c] = y[c] * (dy[c] - sum over i of dy[i]*y[i])
//   log-softmax   dx[c] = dy[c] - exp(y[c]) * sum over i of dy[i]
//
// Tensors
//   y         [batch, channels, height, width] in blocks of VECTOR channels
//   dy, dx    the same; may be the same memory. Lanes beyond the last channel become zero
//
// Work-items   (w, h, n): all channels of a pixel each; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void softmax_backward(CONST_TENSOR(y), CONST_SHARED_TENSOR(dy), SHARED_TENSOR(dx),
                             const int channels, const int height, const int width,
                             const int logarithm) {
  const int n = get_global_id(2);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      global const float *result = PIXEL_OF(y, BLOCK_OF(y, n, 0), h, w);
      global const float *in = PIXEL_OF(dy, BLOCK_OF(dy, n, 0), h, w);
      global float *out = PIXEL_OF(dx, BLOCK_OF(dx, n, 0), h, w);
      real sums = 0.0f;
      for (int b = 0; b * VECTOR < channels; ++b) {
        const real g = load(in + (size_t)b * dy_plane);
        const real v = logarithm ? g : g * load(result + (size_t)b * y_plane);
        sums += LANES < (float)(channels - b * VECTOR) ? v : (real)(0.0f);
      }
      float lanes[VECTOR];
      spill(sums, lanes);
      float sum = lanes[0];
      for (int lane = 1; lane < VECTOR; ++lane) {
        sum += lanes[lane];
      }
      for (int b = 0; b * VECTOR < channels; ++b) {
        const real p = load(result + (size_t)b * y_plane);
        const real g = load(in + (size_t)b * dy_plane);
        const real v = logarithm ? g - exp(p) * sum : p * (g - sum);
        store(LANES < (float)(channels - b * VECTOR) ? v : (real)(0.0f),
              out + (size_t)b * dx_plane);
      }
    }
  }
}
