// Local response normalisation, across channels or within one.
//
//   y[n,c,h,w] = x[n,c,h,w] / (k + alpha*S[n,c,h,w])^beta
//   across channels   S = sum over i in [c - RADIUS, c + RADIUS] of x[n,i,h,w]^2
//   within channel    S = sum over i in [h - radius, h + radius], j in [w - radius, w + radius]
//                         of x[n,c,i,j]^2
//
// Tensors
//   x, y      [batch, channels, height, width] in blocks of VECTOR channels, float
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR           required: channels in a block, 1, 4, 8 or 16
//           RADIUS           required: neighbours on each side across channels, at least 0
//           THREE_QUARTERS   required: 1 if beta is 0.75, which needs no logarithm; 0 otherwise
//
// Source: Krizhevsky, Sutskever and Hinton (2012), section 3.3.

#include "common/tensor.clh"

#ifndef RADIUS
#error "local_response_normalization.cl: RADIUS is missing"
#endif
#ifndef THREE_QUARTERS
#error "local_response_normalization.cl: THREE_QUARTERS is missing"
#endif

static inline real damp(const real v, const real s, const float beta) {
#if THREE_QUARTERS
  const real root = sqrt(s);
  return v / (root * sqrt(root));
#else
  return v / pow(s, (real)(beta));
#endif
}

// Blocks on each side of a block that hold neighbours of its channels.
#define SIDE ((RADIUS + VECTOR - 1) / VECTOR)

// The squares of one block of channels at a pixel, zero for channels that are not.
static inline real squares(global const float *pixel, const int plane_pitch, const int side,
                           const int block, const int channels) {
  const int first = (block + side) * VECTOR;
  if (first < 0 || first >= channels) {
    return 0.0f;
  }
  const real v = load(pixel + side * plane_pitch);
  return LANES < (float)(channels - first) ? v * v : (real)(0.0f);
}

#if VECTOR > 1 && SIDE == 1
// The lanes of two neighbouring blocks, moved by one: up(a, b) ends with the last but one of b,
// down(a, b) begins with the second of a.
#if VECTOR == 4
static inline real up(const real a, const real b) { return (real)(a.w, b.x, b.y, b.z); }
static inline real down(const real a, const real b) { return (real)(a.y, a.z, a.w, b.x); }
#elif VECTOR == 8
static inline real up(const real a, const real b) { return (real)(a.s7, b.s0123, b.s45, b.s6); }
static inline real down(const real a, const real b) { return (real)(a.s1, a.s23, a.s4567, b.s0); }
#else
static inline real up(const real a, const real b) {
  return (real)(a.sf, b.s01234567, b.s89ab, b.scd, b.se);
}
static inline real down(const real a, const real b) {
  return (real)(a.s1, a.s23, a.s4567, a.s89abcdef, b.s0);
}
#endif

// The sum of the squares of 2*RADIUS + 1 neighbours of every lane, by shifts of registers.
static inline real sum_of_neighbours(global const float *pixel, const int plane_pitch,
                                     const int block, const int channels) {
  const real middle = squares(pixel, plane_pitch, 0, block, channels);
  real below = squares(pixel, plane_pitch, -1, block, channels);
  real above = squares(pixel, plane_pitch, 1, block, channels);
  real sum = middle, lower = middle, higher = middle;
#pragma unroll
  for (int i = 0; i < RADIUS; i++) {
    lower = up(below, lower);
    below = up(below, below);
    higher = down(higher, above);
    above = down(above, above);
    sum += lower + higher;
  }
  return sum;
}
#else
// The same where neighbours are further away than the next block, through private memory.
static inline real sum_of_neighbours(global const float *pixel, const int plane_pitch,
                                     const int block, const int channels) {
  float all[(2 * SIDE + 1) * VECTOR];
  for (int side = -SIDE; side <= SIDE; side++) {
    spill(squares(pixel, plane_pitch, side, block, channels), all + (side + SIDE) * VECTOR);
  }
  real sum = 0.0f;
  for (int i = 0; i <= 2 * RADIUS; i++) {
    sum += fill(all + SIDE * VECTOR - RADIUS + i);
  }
  return sum;
}
#endif

kernel void local_response_across_channels_forward(CONST_TENSOR(x), TENSOR(y), const int channels,
                                                   const int height, const int width,
                                                   const float alpha, const float beta,
                                                   const float k) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real sum = sum_of_neighbours(PIXEL_OF(x, in, h, w), x_plane, b, channels);
      // A lane beyond the last channel has neighbours, and might catch a NaN from them.
      const real v = damp(load(PIXEL_OF(x, in, h, w)), k + alpha * sum, beta);
      store(LANES < (float)(channels - b * VECTOR) ? v : (real)(0.0f), PIXEL_OF(y, out, h, w));
    }
  }
}

kernel void local_response_within_channel_forward(CONST_TENSOR(x), TENSOR(y), const int channels,
                                                  const int height, const int width,
                                                  const float alpha, const float beta,
                                                  const float k, const int radius) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    const int bottom = min(h + radius + 1, height);
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const int right = min(w + radius + 1, width);
      real sum = 0.0f;
      for (int i = max(h - radius, 0); i < bottom; i++) {
        for (int j = max(w - radius, 0); j < right; j++) {
          const real v = load(PIXEL_OF(x, in, i, j));
          sum += v * v;
        }
      }
      store(damp(load(PIXEL_OF(x, in, h, w)), k + alpha * sum, beta), PIXEL_OF(y, out, h, w));
    }
  }
}
