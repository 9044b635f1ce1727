// Fully connected layer for CPUs: packed weights streamed once past a register tile.
//
//   y[n,u] = f( bias[u] + sum over c,h,w of weights[u,c,h,w] * x[n,c,h,w] )    f: an activation
//
// Tensors
//   x         [batch, C, H, W] in blocks of VECTOR channels, as `blocks` × `height` runs of
//             `run` floats that lie x_plane and x_row apart; the host joins runs that touch
//   weights   [tiles, CB, H, W, VECTOR, UNITS], packed on the host in the order in which x lies in
//             memory: UNITS = BLOCKS*VECTOR neighbouring units stand side by side, zeros fill
//             what lies beyond the last unit or the last channel
//   bias      [tiles, UNITS], likewise
//   y         [batch, units, 1, 1] in blocks of VECTOR channels
//
// Work-items   (image tile, tile, 1). Each owns IMAGES images times UNITS units. The last tile of
//              images repeats the last image: its values are computed and stored again, the same.
//              With one image this reads every weight once and is bound by memory alone.
//
// Macros    all required
//   VECTOR            channels in a block: 4, 8 or 16
//   IMAGES, BLOCKS    the register tile; IMAGES*BLOCKS + BLOCKS + 1 registers should exist

#include "common/tensor.clh"
#include "common/activation.clh"

#if !defined(IMAGES) || !defined(BLOCKS)
#error "fully_connected.cl: a required macro is missing; see the list at the top of the file"
#endif

#define UNITS (BLOCKS * VECTOR)

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_forward(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), const int batch, const int blocks, const int height, const int run,
    const int out_blocks, const int activation, const float slope) {
  const int tile = get_global_id(1);
  global const float *images[IMAGES];
  real sums[BLOCKS][IMAGES];
#pragma unroll
  for (int i = 0; i < IMAGES; ++i) {
    images[i] = BLOCK_OF(x, min((int)get_global_id(0) * IMAGES + i, batch - 1), 0);
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      sums[j][i] = load(bias + tile * UNITS + j * VECTOR);
    }
  }

  global const float *weight = weights + (size_t)tile * blocks * height * run * UNITS;
  for (int b = 0; b < blocks; ++b) {
    for (int h = 0; h < height; ++h) {
      const size_t start = (size_t)b * x_plane + (size_t)h * x_row;
      for (int k = 0; k < run; ++k, weight += UNITS) {
        real w[BLOCKS];
#pragma unroll
        for (int j = 0; j < BLOCKS; ++j) {
          w[j] = load(weight + j * VECTOR);
        }
#pragma unroll
        for (int i = 0; i < IMAGES; ++i) {
          const real value = (real)(images[i][start + k]);
#pragma unroll
          for (int j = 0; j < BLOCKS; ++j) {
            sums[j][i] = fma(value, w[j], sums[j][i]);
          }
        }
      }
    }
  }

#pragma unroll
  for (int j = 0; j < BLOCKS; ++j) {
    if (tile * BLOCKS + j < out_blocks) {
#pragma unroll
      for (int i = 0; i < IMAGES; ++i) {
        const int n = min((int)get_global_id(0) * IMAGES + i, batch - 1);
        store(activate(sums[j][i], activation, slope), BLOCK_OF(y, n, tile * BLOCKS + j));
      }
    }
  }
}
