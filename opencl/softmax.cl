// Softmax and its logarithm over the channels of every pixel.
//
//   softmax       y[n,c,h,w] = exp(x[n,c,h,w] - m) / s
//   log-softmax   y[n,c,h,w] = x[n,c,h,w] - m - log(s)
//                 with m = max over i of x[n,i,h,w], s = sum over i of exp(x[n,i,h,w] - m)
//
// Tensors
//   x, y      [batch, channels, height, width] in blocks of VECTOR channels, float; may be the same
//             memory
//
// Work-items   (w, h, n): all channels of a pixel each; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// Lanes beyond the last channel count for nothing and become zero. NaN makes its whole pixel NaN: the
// maximum passes over it, but the sum does not.

#include "common/tensor.clh"

// A vector of choices, for lanes that exist and those that do not.
static inline real lanes(const int existing, const real there, const float otherwise) {
  return LANES < (float)existing ? there : (real)(otherwise);
}

static inline float lane_max(const real v) {
  float lane[VECTOR];
  spill(v, lane);
  float best = lane[0];
  for (int i = 1; i < VECTOR; i++) {
    best = fmax(best, lane[i]);
  }
  return best;
}

static inline float lane_sum(const real v) {
  float lane[VECTOR];
  spill(v, lane);
  float sum = lane[0];
  for (int i = 1; i < VECTOR; i++) {
    sum += lane[i];
  }
  return sum;
}

static inline float pixel_max(global const float *pixel, const int pitch, const int channels) {
  real best = -INFINITY;
  for (int c = 0; c < channels; c += VECTOR, pixel += pitch) {
    best = fmax(best, lanes(channels - c, load(pixel), -INFINITY));
  }
  return lane_max(best);
}

static inline float pixel_sum(global const float *pixel, const int pitch, const int channels,
                              const float most) {
  real sum = 0.0f;
  for (int c = 0; c < channels; c += VECTOR, pixel += pitch) {
    sum += lanes(channels - c, exp(load(pixel) - most), 0.0f);
  }
  return lane_sum(sum);
}

kernel void softmax_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), const int channels,
                            const int height, const int width) {
  const int n = get_global_id(2);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      global const float *in = PIXEL_OF(x, BLOCK_OF(x, n, 0), h, w);
      global float *out = PIXEL_OF(y, BLOCK_OF(y, n, 0), h, w);
      const float most = pixel_max(in, x_plane, channels);
      const float sum = pixel_sum(in, x_plane, channels, most);
      for (int c = 0; c < channels; c += VECTOR, in += x_plane, out += y_plane) {
        store(lanes(channels - c, exp(load(in) - most) / sum, 0.0f), out);
      }
    }
  }
}

kernel void log_softmax_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), const int channels,
                                const int height, const int width) {
  const int n = get_global_id(2);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      global const float *in = PIXEL_OF(x, BLOCK_OF(x, n, 0), h, w);
      global float *out = PIXEL_OF(y, BLOCK_OF(y, n, 0), h, w);
      const float most = pixel_max(in, x_plane, channels);
      const float log_sum = log(pixel_sum(in, x_plane, channels, most));
      for (int c = 0; c < channels; c += VECTOR, in += x_plane, out += y_plane) {
        store(lanes(channels - c, load(in) - most - log_sum, 0.0f), out);
      }
    }
  }
}
