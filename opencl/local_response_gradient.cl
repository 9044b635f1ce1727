// The way back through local response normalisation, in two steps.
//
//   s       = k + alpha*S with S as in local_response_normalization.cl
//   direct  = dy * s^-beta,   t = direct * x / s
//   dx      = direct - 2*alpha*beta * x * (sum of t over the neighbours)
//
// A value's neighbours are those whose neighbour it is, so the second sum runs over the same places.
//
// Tensors
//   x, dy, dx, t   [batch, channels, height, width] in blocks of VECTOR channels; dx holds `direct`
//                  between the steps; lanes beyond the last channel become zero in dx and t
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR           required: channels in a block, 1, 4, 8 or 16
//           RADIUS           required: neighbours on each side across channels; 0 within a channel
//           THREE_QUARTERS   required: 1 if beta is 0.75, which needs no logarithm; 0 otherwise
//
// Source: Krizhevsky, Sutskever and Hinton (2012), section 3.3.

#include "common/tensor.clh"

#ifndef RADIUS
#error "local_response_gradient.cl: RADIUS is missing"
#endif
#ifndef THREE_QUARTERS
#error "local_response_gradient.cl: THREE_QUARTERS is missing"
#endif

#define SIDE ((RADIUS + VECTOR - 1) / VECTOR)

static inline real damp(const real v, const real s, const float beta) {
#if THREE_QUARTERS
  const real root = sqrt(s);
  return v / (root * sqrt(root));
#else
  return v / pow(s, (real)(beta));
#endif
}

// The sum of v over the channels in reach at one pixel, squared first if `square` is 1.
static inline real across(global const float *pixel, const int plane_pitch, const int block,
                          const int channels, const int square) {
  float values[(2 * SIDE + 1) * VECTOR];
  for (int side = -SIDE; side <= SIDE; side++) {
    const int first = (block + side) * VECTOR;
    real v = 0.0f;
    if (first >= 0 && first < channels) {
      v = load(pixel + side * plane_pitch);
      v = LANES < (float)(channels - first) ? v : (real)(0.0f);
    }
    spill(square ? v * v : v, values + (side + SIDE) * VECTOR);
  }
  real sum = 0.0f;
  for (int i = 0; i <= 2 * RADIUS; i++) {
    sum += fill(values + SIDE * VECTOR - RADIUS + i);
  }
  return sum;
}

// The same over a square of pixels within the channels of a block.
static inline real within(global const float *plane, const int row, const int h, const int w,
                          const int height, const int width, const int radius, const int square) {
  real sum = 0.0f;
  for (int i = max(h - radius, 0); i < min(h + radius + 1, height); i++) {
    for (int j = max(w - radius, 0); j < min(w + radius + 1, width); j++) {
      const real v = load(plane + i * row + j * VECTOR);
      sum += square ? v * v : v;
    }
  }
  return sum;
}

kernel void local_response_direct(CONST_TENSOR(x), CONST_TENSOR(dy), TENSOR(dx), TENSOR(t),
                                  const int is_across, const int channels, const int height,
                                  const int width, const float alpha, const float beta,
                                  const float k, const int radius) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *in = BLOCK_OF(x, n, b);
  global const float *gradient = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  global float *ratio = BLOCK_OF(t, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real sum =
          is_across ? across(PIXEL_OF(x, in, h, w), x_plane, b, channels, 1)
                    : within(in, x_row, h, w, height, width, radius, 1);
      const real s = k + alpha * sum;
      const real direct = damp(load(PIXEL_OF(dy, gradient, h, w)), s, beta);
      const real v = direct * load(PIXEL_OF(x, in, h, w)) / s;
      const real zero = 0.0f;
      store(LANES < (float)(channels - b * VECTOR) ? direct : zero, PIXEL_OF(dx, out, h, w));
      store(LANES < (float)(channels - b * VECTOR) ? v : zero, PIXEL_OF(t, ratio, h, w));
    }
  }
}

kernel void local_response_indirect(CONST_TENSOR(x), CONST_TENSOR(t), TENSOR(dx),
                                    const int is_across, const int channels, const int height,
                                    const int width, const float alpha, const float beta,
                                    const int radius) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *in = BLOCK_OF(x, n, b);
  global const float *ratio = BLOCK_OF(t, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  const float factor = -2.0f * alpha * beta;
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real sum =
          is_across ? across(PIXEL_OF(t, ratio, h, w), t_plane, b, channels, 0)
                    : within(ratio, t_row, h, w, height, width, radius, 0);
      global float *to = PIXEL_OF(dx, out, h, w);
      const real v = load(to) + factor * load(PIXEL_OF(x, in, h, w)) * sum;
      store(LANES < (float)(channels - b * VECTOR) ? v : (real)(0.0f), to);
    }
  }
}
