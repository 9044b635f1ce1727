// Direct convolution for CPUs: a register tile of pixels × filters, no barrier, no working memory.
//
//   y[n,oc,oh,ow] = f( bias[oc] + sum over ic,kh,kw of
//                      weights[oc,ic,kh,kw] * x[n, g*IC + ic, h, w] [+ summand[n,oc,oh,ow]] )
//   with g = oc / OC,  h = oh*stride_h - pad_h + kh*dilation_h,  w = ow*STRIDE_W - pad_w +
//   kw*dilation_w, IC and OC the channels and filters of one group, and f an activation
//
// Tensors
//   x         [batch, groups*IC, H, W] in blocks of INPUT_VECTOR channels, with a halo of zeros of at
//             least the padding, so that no pixel has to be tested
//   weights   [groups, tiles, in_blocks, kernel_height, kernel_width, INPUT_VECTOR, FILTERS], packed
//             on the host: FILTERS = BLOCKS*VECTOR neighbouring filters stand side by side, zeros
//             fill what lies beyond the last filter of a group or the last channel
//   bias      [groups, tiles, FILTERS], likewise
//   y         [batch, groups*OC, out_height, out_width] in blocks of VECTOR channels; with several
//             groups, OC is a multiple of VECTOR
//   summand   only with ADDS: like y, not the same memory
//
// Work-items   (oh*pieces + piece, g*tiles + tile, n): `span` register tiles of one output row times
//              FILTERS filters, one after the other. Each is TILE pixels with TILE*BLOCKS
//              accumulators, so that each weight that is loaded serves TILE products and each input
//              BLOCKS. The last tile of a row is moved back to end at the row's end: pixels computed
//              twice get the same bits. The host guarantees TILE <= out_width.
//
// Macros    all required but PRECISION, ADDS and KERNEL_WIDTH
//   VECTOR         channels in a block of y: 4, 8 or 16
//   INPUT_VECTOR   channels in a block of x: VECTOR, or 1 for a planar image of few channels
//   TILE, BLOCKS   the register tile; TILE*BLOCKS + BLOCKS + 1 registers should exist
//   PRECISION      how weights are stored, 0 or 1, see common/weights.clh
//   ADDS           whether a summand of y's shape is added before f, 0 or 1; default 0
//   STRIDE_W       a macro because the addresses of a tile must be constants: with the stride as an
//                  argument the same loop reached 150 instead of 212 GFLOP/s (2 Zen 4 cores, PoCL 3.1)
//   KERNEL_WIDTH   kernel_width where the loop over a row of the window is to be unrolled: planar
//                  images have one product for each of its rounds; default 0, as the argument says

#include "common/tensor.clh"
#include "common/activation.clh"
#include "common/weights.clh"

#if !defined(INPUT_VECTOR) || !defined(TILE) || !defined(BLOCKS) || !defined(STRIDE_W)
#error "convolution_direct.cl: a required macro is missing; see the list at the top of the file"
#endif

#ifndef KERNEL_WIDTH
#define KERNEL_WIDTH 0
#endif

#define FILTERS (BLOCKS * VECTOR)

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void convolution_forward_direct(
    CONST_TENSOR(x), global const stored *restrict weights, global const float *restrict bias,
    TENSOR(y), SUMMAND const int in_blocks, const int out_blocks, const int tiles, const int row_tiles, const int span,
    const int out_width, const int kernel_height, const int kernel_width, const int stride_h,
    const int dilation_h, const int dilation_w, const int pad_h, const int pad_w,
    const int activation, const float slope) {
  const int pieces = (row_tiles + span - 1) / span;
  const int oh = (int)get_global_id(0) / pieces;
  const int begin = (int)get_global_id(0) % pieces * span;
  const int end = min(begin + span, row_tiles);
  const int group = (int)get_global_id(1) / tiles;
  const int tile = (int)get_global_id(1) % tiles;
  const int n = get_global_id(2);

  global const stored *slab =
      weights + get_global_id(1) * in_blocks * kernel_height * kernel_width * INPUT_VECTOR * FILTERS;
  global const float *row =
      BLOCK_OF(x, n, group * in_blocks) + (oh * stride_h - pad_h) * x_row - pad_w * INPUT_VECTOR;
  real start[BLOCKS];
#pragma unroll
  for (int j = 0; j < BLOCKS; ++j) {
    start[j] = load(bias + get_global_id(1) * FILTERS + j * VECTOR);
  }

  for (int t = begin; t < end; ++t) {
    const int ow = min(t * TILE, out_width - TILE);
    real sums[BLOCKS][TILE];
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
#pragma unroll
      for (int i = 0; i < TILE; ++i) {
        sums[j][i] = start[j];
      }
    }

    global const stored *weight = slab;
    global const float *corner = row + ow * STRIDE_W * INPUT_VECTOR;
    for (int ic = 0; ic < in_blocks; ++ic, corner += x_plane) {
      for (int kh = 0; kh < kernel_height; ++kh) {
#if KERNEL_WIDTH
#pragma unroll
        for (int kw = 0; kw < KERNEL_WIDTH; ++kw) {
#else
        for (int kw = 0; kw < kernel_width; ++kw) {
#endif
          global const float *pixels =
              corner + kh * dilation_h * x_row + kw * dilation_w * INPUT_VECTOR;
#pragma unroll
          for (int c = 0; c < INPUT_VECTOR; ++c, weight += FILTERS) {
            real w[BLOCKS];
#pragma unroll
            for (int j = 0; j < BLOCKS; ++j) {
              w[j] = load_weights(weight + j * VECTOR);
            }
#pragma unroll
            for (int i = 0; i < TILE; ++i) {
              const real value = (real)(pixels[i * STRIDE_W * INPUT_VECTOR + c]);
#pragma unroll
              for (int j = 0; j < BLOCKS; ++j) {
                sums[j][i] = fma(value, w[j], sums[j][i]);
              }
            }
          }
        }
      }
    }

#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      const int block = tile * BLOCKS + j;
      if (block < out_blocks) {
        global float *out = BLOCK_OF(y, n, group * out_blocks + block);
#if ADDS
        global const float *more = BLOCK_OF(summand, n, group * out_blocks + block);
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          sums[j][i] += load(PIXEL_OF(summand, more, oh, ow + i));
        }
#endif
        activate_all(sums[j], TILE, activation, slope);
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          store(sums[j][i], PIXEL_OF(y, out, oh, ow + i));
        }
      }
    }
  }
}
