// Fully connected layer for CPUs: packed weights streamed once past register tiles.
//
//   y[n,u] = f( bias[u] + scale[u] * sum over c,h,w of weights[u,c,h,w] * x[n,c,h,w] )
//   with f an activation, and scale 1 unless PRECISION is 2
//
// Tensors
//   x         [batch, C, H, W] in blocks of VECTOR channels, as `blocks` × `height` runs of
//             `run` floats that lie x_plane and x_row apart; the host joins runs that touch
//   weights   [tiles, CB, H, W, VECTOR, UNITS], packed on the host in the order in which x lies in
//             memory: UNITS = BLOCKS*VECTOR neighbouring units stand side by side, zeros fill
//             what lies beyond the last unit or the last channel
//   bias      [tiles, UNITS], likewise; for PRECISION 2 followed by the scales, [tiles, UNITS]
//   y         [batch, units, 1, 1] in blocks of VECTOR channels
//
// Work-items   (group of images, tile, 1). Each owns `group` images times UNITS units, IMAGES × BLOCKS
//              accumulators in registers at a time. It goes through the weights in pieces that stay in
//              the first-level cache while all its images pass. Tiles of images beyond the last repeat
//              that one. With one image this reads every weight once and is bound by memory alone.
//
// Macros    all required but PRECISION
//   VECTOR            channels in a block: 4, 8 or 16
//   IMAGES, BLOCKS    the register tile; IMAGES*BLOCKS + BLOCKS + 1 registers should exist
//   TILES             register tiles of images that a work-item can own, at least group/IMAGES
//   PRECISION         how weights are stored, see common/weights.clh

#include "common/tensor.clh"
#include "common/activation.clh"
#include "common/weights.clh"

#if !defined(IMAGES) || !defined(BLOCKS) || !defined(TILES)
#error "fully_connected.cl: a required macro is missing; see the list at the top of the file"
#endif

#define UNITS (BLOCKS * VECTOR)
// Inputs of a piece: 16 KB of floats for two blocks of 8.
#define PIECE 256

// sums += weights * x for `count` inputs from x[..][start] on.
static inline void accumulate(global const float *const *images, const size_t start,
                              global const stored *weight, const int count,
                              global const stored *next, const int step, real *sums) {
  real s[BLOCKS * IMAGES];
#pragma unroll
  for (int i = 0; i < BLOCKS * IMAGES; ++i) {
    s[i] = sums[i];
  }
  global const float *x[IMAGES];
#pragma unroll
  for (int i = 0; i < IMAGES; ++i) {
    x[i] = images[i] + start;
  }
  for (int k = 0; k < count; ++k, weight += UNITS, next += step) {
    FETCH_LINE(next);
    real w[BLOCKS];
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      w[j] = load_weights(weight + j * VECTOR);
    }
#pragma unroll
    for (int i = 0; i < IMAGES; ++i) {
      const real value = (real)(x[i][k]);
#pragma unroll
      for (int j = 0; j < BLOCKS; ++j) {
        s[j * IMAGES + i] = fma(value, w[j], s[j * IMAGES + i]);
      }
    }
  }
#pragma unroll
  for (int i = 0; i < BLOCKS * IMAGES; ++i) {
    sums[i] = s[i];
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_forward(
    CONST_TENSOR(x), global const stored *restrict weights, global const float *restrict bias,
    TENSOR(y), const int batch, const int group, const int blocks, const int height, const int run,
    const int out_blocks, const int activation, const float slope) {
  const int first = get_global_id(0) * group;
  const int tile = get_global_id(1);
  const int tiles = (min(group, batch - first) + IMAGES - 1) / IMAGES;
  global const float *images[TILES * IMAGES];
  real sums[TILES * IMAGES * BLOCKS];
  for (int i = 0; i < tiles * IMAGES; ++i) {
    images[i] = BLOCK_OF(x, min(first + i, batch - 1), 0);
  }
  for (int i = 0; i < tiles * IMAGES * BLOCKS; ++i) {
    sums[i] = 0.0f;
  }

  global const stored *weight = weights + (size_t)tile * blocks * height * run * UNITS;
  for (int row = 0; row < blocks * height; ++row) {
    const size_t start = (size_t)(row / height) * x_plane + (size_t)(row % height) * x_row;
    for (int k = 0; k < run; k += PIECE) {
      const int count = min(PIECE, run - k);
      for (int t = 0; t < tiles; ++t) {
        // All tiles together fetch the next piece while they work on this one.
        accumulate(images + t * IMAGES, start + k, weight, count,
                   weight + (PIECE + t * PIECE / tiles) * UNITS, UNITS / tiles,
                   sums + t * IMAGES * BLOCKS);
      }
      weight += count * UNITS;
    }
  }

  for (int j = 0; j < min(BLOCKS, out_blocks - tile * BLOCKS); ++j) {
    const real summand = load(bias + tile * UNITS + j * VECTOR);
#if PRECISION == 2
    const real scale = load(bias + (get_global_size(1) + tile) * UNITS + j * VECTOR);
#endif
    for (int i = 0; i < min(tiles * IMAGES, batch - first); ++i) {
      real v = sums[(i / IMAGES * BLOCKS + j) * IMAGES + i % IMAGES];
#if PRECISION == 2
      v *= scale;
#endif
      v = activate(v + summand, activation, slope);
      store(v, BLOCK_OF(y, first + i, tile * BLOCKS + j));
    }
  }
}
