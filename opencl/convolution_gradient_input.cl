// The way back to a convolution's input, for CPUs: by gather, with the register tile of the direct
// kernel.
//
//   dx[n,c,h,w] = sum over oc,kh,kw of weights[oc,ic,kh,kw] * dy[n,oc,oh,ow]
//                 where oh*stride_h = h + pad_h - kh*dilation_h, ow likewise
//
// Which taps divide depends on h and w modulo the strides alone. A launch computes the pixels of one
// such phase: h = first_h + stride_h*a, w = first_w + stride_w*b. Their taps are kh = tap_h +
// tap_step_h*j, and tap j finds dy at oh = origin_h + a - back_h*j: neighbouring pixels of a phase read
// neighbouring pixels of dy, whatever the stride. Widths likewise.
//
// Tensors
//   dy        [batch, groups*OC, out_height, out_width] in blocks of VECTOR channels, with a halo of
//             zeros as far as the windows reach
//   weights   [groups, tiles, out_blocks, kernel_height, kernel_width, VECTOR, CHANNELS], packed:
//             CHANNELS = BLOCKS*VECTOR neighbouring channels of x stand side by side, zeros fill
//             what lies beyond the last one of a group or the last filter
//   dx        [batch, groups*IC, in_height, in_width] in blocks of VECTOR channels; with several
//             groups, IC is a multiple of VECTOR
//
// Work-items   (row tile, g*tiles + tile, n) with row tile = a*row_tiles + t. Each owns TILE pixels of
//              one row of the phase times CHANNELS channels. The last tile of a row is moved back to
//              end at the row's end: pixels computed twice get the same bits. TILE <= phase_width.
//
// Macros    all required
//   VECTOR         channels in a block: 4, 8 or 16
//   TILE, BLOCKS   the register tile; TILE*BLOCKS + BLOCKS + 1 registers should exist

#include "common/tensor.clh"

#if !defined(TILE) || !defined(BLOCKS)
#error "convolution_gradient_input.cl: a required macro is missing; see the top of the file"
#endif

#define CHANNELS (BLOCKS * VECTOR)

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void convolution_backward_input(
    CONST_TENSOR(dy), global const float *restrict weights, TENSOR(dx), const int out_blocks,
    const int in_blocks, const int tiles, const int row_tiles, const int phase_width,
    const int kernel_height, const int kernel_width, const int stride_h, const int stride_w,
    const int first_h, const int first_w, const int tap_h, const int tap_w, const int tap_step_h,
    const int tap_step_w, const int origin_h, const int origin_w, const int back_h,
    const int back_w) {
  const int a = get_global_id(0) / row_tiles;
  const int b = min((int)(get_global_id(0) % row_tiles) * TILE, phase_width - TILE);
  const int group = get_global_id(1) / tiles;
  const int tile = get_global_id(1) % tiles;
  const int n = get_global_id(2);

  real sums[BLOCKS][TILE];
#pragma unroll
  for (int j = 0; j < BLOCKS; ++j) {
#pragma unroll
    for (int i = 0; i < TILE; ++i) {
      sums[j][i] = 0.0f;
    }
  }

  global const float *weight = weights + (size_t)get_global_id(1) * out_blocks * kernel_height *
                                             kernel_width * VECTOR * CHANNELS;
  global const float *corner = BLOCK_OF(dy, n, group * out_blocks) + (origin_h + a) * dy_row +
                               (origin_w + b) * VECTOR;
  for (int oc = 0; oc < out_blocks; ++oc, corner += dy_plane) {
    global const float *row = corner;
    for (int kh = tap_h; kh < kernel_height; kh += tap_step_h, row -= back_h * dy_row) {
      global const float *pixels = row;
      for (int kw = tap_w; kw < kernel_width; kw += tap_step_w, pixels -= back_w * VECTOR) {
        global const float *tap =
            weight + (size_t)((oc * kernel_height + kh) * kernel_width + kw) * VECTOR * CHANNELS;
        for (int c = 0; c < VECTOR; ++c, tap += CHANNELS) {
          real w[BLOCKS];
#pragma unroll
          for (int j = 0; j < BLOCKS; ++j) {
            w[j] = load(tap + j * VECTOR);
          }
#pragma unroll
          for (int i = 0; i < TILE; ++i) {
            const real value = (real)(pixels[i * VECTOR + c]);
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
    if (tile * BLOCKS + j < in_blocks) {
      global float *out = BLOCK_OF(dx, n, group * in_blocks + tile * BLOCKS + j);
#pragma unroll
      for (int i = 0; i < TILE; ++i) {
        store(sums[j][i], PIXEL_OF(dx, out, first_h + stride_h * a, first_w + stride_w * (b + i)));
      }
    }
  }
}
