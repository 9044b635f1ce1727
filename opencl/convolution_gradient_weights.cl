// The weights' gradient of a convolution, for CPUs: a register tile of weights, summed over pixels.
//
//   dw[oc,ic,kh,kw] = sum over n,oh,ow of x[n, g*IC + ic, h, w] * dy[n,oc,oh,ow]
//   with h = oh*stride_h - pad_h + kh*dilation_h,  w = ow*STRIDE_W - pad_w + kw*dilation_w
//
// in two steps: `parts` of some images each, then their sum in the order of files (convolution_
// backward_weights_sum, which adds to what is there if `accumulate` is 1).
//
// Tensors
//   x         [batch, groups*IC, H, W] in blocks of INPUT_VECTOR channels, with a halo of zeros of at
//             least the padding and, planar, of the taps that round the window up
//   dy        [batch, groups*OC, out_height, out_width] in blocks of VECTOR channels
//   parts     [chunks, groups, tiles, in_blocks, kernel_height, taps, INPUT_VECTOR, FILTERS] with
//             FILTERS = BLOCKS*VECTOR; taps is kernel_width, planar rounded up to a multiple of SCALARS
//   dw        [groups*OC, IC, kernel_height, kernel_width]
//
// Work-items   (part of the blocks of x, g*tiles + tile, chunk of images). A register tile is SCALARS
//              values of x, lanes of a block or, planar, neighbouring taps, times FILTERS filters: each
//              value of x that is broadcast serves BLOCKS vectors of dy, each of those SCALARS values.
//              Pixels go by in bands of rows that stay in the first cache while all tiles of the
//              work-item pass over them; sums wait in `parts`.
//              sum: (filter*IC + channel, 1, 1) in a strided loop
//
// Macros    all required
//   VECTOR            channels in a block of dy: 4, 8 or 16
//   INPUT_VECTOR      channels in a block of x: VECTOR, or 1 for a planar image of few channels
//   SCALARS, BLOCKS   the register tile; SCALARS*BLOCKS + BLOCKS + 1 registers should exist
//   STRIDE_W          the horizontal stride
//   PITCH             floats between the values of a tile: 1, planar dilation_w

#include "common/tensor.clh"

#if !defined(INPUT_VECTOR) || !defined(SCALARS) || !defined(BLOCKS)
#error "convolution_gradient_weights.cl: a required macro is missing; see the top of the file"
#endif
#if !defined(STRIDE_W) || !defined(PITCH)
#error "convolution_gradient_weights.cl: a required macro is missing; see the top of the file"
#endif

#define FILTERS (BLOCKS * VECTOR)

// Adds the products of some rows to SCALARS × FILTERS sums, or begins them.
static inline void tile_of(global const float *pixels, const int x_step,
                           global const float *const *gradients, const int dy_step,
                           const int rows, const int width, const int begin, global float *sums) {
  real sum[SCALARS][BLOCKS];
#pragma unroll
  for (int q = 0; q < SCALARS; ++q) {
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      sum[q][j] = begin ? (real)(0.0f) : load(sums + q * FILTERS + j * VECTOR);
    }
  }
  for (int row = 0; row < rows; ++row) {
    global const float *value = pixels + row * x_step;
    global const float *gradient[BLOCKS];
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      gradient[j] = gradients[j] + row * dy_step;
    }
    for (int ow = 0; ow < width; ++ow) {
      real g[BLOCKS];
#pragma unroll
      for (int j = 0; j < BLOCKS; ++j) {
        g[j] = load(gradient[j] + ow * VECTOR);
      }
#pragma unroll
      for (int q = 0; q < SCALARS; ++q) {
        const real v = (real)(value[ow * STRIDE_W * INPUT_VECTOR + q * PITCH]);
#pragma unroll
        for (int j = 0; j < BLOCKS; ++j) {
          sum[q][j] = fma(v, g[j], sum[q][j]);
        }
      }
    }
  }
#pragma unroll
  for (int q = 0; q < SCALARS; ++q) {
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      store(sum[q][j], sums + q * FILTERS + j * VECTOR);
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void convolution_backward_weights(
    CONST_TENSOR(x), CONST_TENSOR(dy), global float *parts, const ulong parts_offset,
    const int batch, const int chunk, const int blocks_each, const int in_blocks,
    const int out_blocks, const int tiles, const int band, const int out_height,
    const int out_width, const int kernel_height, const int taps, const int stride_h,
    const int dilation_h, const int dilation_w, const int pad_h, const int pad_w) {
  const int group = get_global_id(1) / tiles;
  const int tile = get_global_id(1) % tiles;
  const int first_block = get_global_id(0) * blocks_each;
  const int end_block = min(first_block + blocks_each, in_blocks);
  const int first_image = get_global_id(2) * chunk;
  const int end_image = min(first_image + chunk, batch);
  const size_t block_floats = (size_t)kernel_height * taps * INPUT_VECTOR * FILTERS;
  global float *out =
      parts + parts_offset +
      ((size_t)get_global_id(2) * get_global_size(1) + get_global_id(1)) * in_blocks * block_floats;
  if (first_image >= end_image) {  // a small batch has fewer chunks
    for (size_t i = first_block * block_floats; i < end_block * block_floats; i += VECTOR) {
      store((real)(0.0f), out + i);
    }
    return;
  }
  for (int n = first_image; n < end_image; ++n) {
    for (int oh = 0; oh < out_height; oh += band) {
      const int rows = min(band, out_height - oh);
      const int begin = n == first_image && oh == 0;
      global const float *gradients[BLOCKS];
#pragma unroll
      for (int j = 0; j < BLOCKS; ++j) {
        // What lies beyond the last block is computed from it, and never looked at.
        const int block = min(tile * BLOCKS + j, out_blocks - 1);
        gradients[j] = PIXEL_OF(dy, BLOCK_OF(dy, n, group * out_blocks + block), oh, 0);
      }
      for (int ic = first_block; ic < end_block; ++ic) {
        global const float *corner = BLOCK_OF(x, n, group * in_blocks + ic) +
                                     (oh * stride_h - pad_h) * x_row - pad_w * INPUT_VECTOR;
        global float *sums = out + ic * block_floats;
        for (int kh = 0; kh < kernel_height; ++kh, corner += dilation_h * x_row) {
#if INPUT_VECTOR == 1
          for (int kw = 0; kw < taps; kw += SCALARS, sums += SCALARS * FILTERS) {
            tile_of(corner + kw * dilation_w, stride_h * x_row, gradients, dy_row, rows, out_width,
                    begin, sums);
          }
#else
          for (int kw = 0; kw < taps; ++kw) {
            for (int c = 0; c < VECTOR; c += SCALARS, sums += SCALARS * FILTERS) {
              tile_of(corner + kw * dilation_w * VECTOR + c, stride_h * x_row, gradients, dy_row,
                      rows, out_width, begin, sums);
            }
          }
#endif
        }
      }
    }
  }
}

kernel void convolution_backward_weights_sum(
    global const float *restrict parts, const ulong parts_offset, global float *restrict dw,
    const ulong dw_offset, const int chunks, const int rows, const int group_in,
    const int group_out, const int groups, const int in_blocks, const int tiles,
    const int kernel_height, const int kernel_width, const int taps, const int accumulate) {
  const size_t block_floats = (size_t)kernel_height * taps * INPUT_VECTOR * FILTERS;
  const size_t chunk_floats = block_floats * groups * tiles * in_blocks;
  for (int row = get_global_id(0); row < rows; row += get_global_size(0)) {
    const int ic = row % group_in;
    const int oc = row / group_in % group_out;
    const int group = row / group_in / group_out;
    const size_t block = (size_t)(group * tiles + oc / FILTERS) * in_blocks + ic / INPUT_VECTOR;
    global const float *from = parts + parts_offset + block * block_floats +
                               ic % INPUT_VECTOR * FILTERS + oc % FILTERS;
    global float *out = dw + dw_offset + (size_t)row * kernel_height * kernel_width;
    for (int kh = 0; kh < kernel_height; ++kh) {
      for (int kw = 0; kw < kernel_width; ++kw) {
        global const float *part = from + (size_t)(kh * taps + kw) * INPUT_VECTOR * FILTERS;
        float sum = 0.0f;
        for (int chunk = 0; chunk < chunks; ++chunk) {
          sum += part[chunk * chunk_floats];
        }
        const int i = kh * kernel_width + kw;
        out[i] = accumulate ? out[i] + sum : sum;
      }
    }
  }
}
