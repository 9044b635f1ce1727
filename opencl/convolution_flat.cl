// Direct convolution for CPUs over the pixels of all images in one row: a register tile may cross the
// ends of rows and images, so that none is wasted on small or odd planes. The other direct kernel,
// convolution_direct.cl, needs fewer addresses.
//
//   y[n,oc,oh,ow] = f( bias[oc] + sum over ic,kh,kw of
//                      weights[oc,ic,kh,kw] * x[n, g*IC + ic, h, w] [+ summand[n,oc,oh,ow]] )
//   with g = oc / OC,  h = oh*stride_h - pad_h + kh*dilation_h,  w likewise, IC and OC the channels and
//   filters of one group, and f an activation
//
// Tensors
//   x         [batch, groups*IC, H, W] in blocks of INPUT_VECTOR channels, with a halo of zeros of at
//             least the padding
//   weights   [groups, tiles, in_blocks, kernel_height, kernel_width, INPUT_VECTOR, FILTERS], packed
//             on the host: FILTERS = BLOCKS*VECTOR neighbouring filters stand side by side, zeros
//             fill what lies beyond the last filter of a group or the last channel
//   bias      [groups, tiles, FILTERS], likewise
//   y         [batch, groups*OC, out_height, out_width] in blocks of VECTOR channels; with several
//             groups, OC is a multiple of VECTOR
//   summand   only with ADDS: like y, not the same memory
//
// Work-items   (pixels, g*steps + step, 1): TILE pixels from batch*out_height*out_width on times `span`
//              tiles of filters, one after the other, while the pixels stay in the first-level cache.
//              The last item repeats the last pixel.
//
// Macros    all required but PRECISION and ADDS
//   VECTOR         channels in a block of y: 4, 8 or 16
//   INPUT_VECTOR   channels in a block of x: VECTOR, or 1 for a planar image of few channels
//   TILE, BLOCKS   the register tile; TILE*BLOCKS + BLOCKS + 1 registers should exist
//   PRECISION      how weights are stored, 0 or 1, see common/weights.clh
//   ADDS           whether a summand of y's shape is added before f, 0 or 1; default 0

#include "common/tensor.clh"
#include "common/activation.clh"
#include "common/weights.clh"

#if !defined(INPUT_VECTOR) || !defined(TILE) || !defined(BLOCKS)
#error "convolution_flat.cl: a required macro is missing; see the list at the top of the file"
#endif

#define FILTERS (BLOCKS * VECTOR)

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void convolution_forward_flat(
    CONST_TENSOR(x), global const stored *restrict weights, global const float *restrict bias,
    TENSOR(y), SUMMAND const int batch, const int in_blocks, const int out_blocks, const int tiles,
    const int span, const int out_height, const int out_width, const int kernel_height,
    const int kernel_width, const int stride_h, const int stride_w, const int dilation_h,
    const int dilation_w, const int pad_h, const int pad_w, const int activation,
    const float slope) {
  const int steps = (tiles + span - 1) / span;
  const int group = get_global_id(1) / steps;
  const int begin = get_global_id(1) % steps * span;
  const int end = min(begin + span, tiles);
  const int pixels = batch * out_height * out_width;

  global const float *corners[TILE];
  size_t places[TILE];
#if ADDS
  size_t summands[TILE];
#endif
  // Divisions take as long as dozens of products: one for the first pixel, then steps.
  const int first = get_global_id(0) * TILE;
  int ow = first % out_width;
  int oh = first / out_width % out_height;
  int n = first / out_width / out_height;
#pragma unroll
  for (int i = 0; i < TILE; ++i) {
    corners[i] = BLOCK_OF(x, n, group * in_blocks) + (oh * stride_h - pad_h) * x_row +
                 (ow * stride_w - pad_w) * INPUT_VECTOR;
    places[i] = y_offset + (size_t)n * y_image + oh * y_row + ow * VECTOR;
#if ADDS
    summands[i] = summand_offset + (size_t)n * summand_image + oh * summand_row + ow * VECTOR;
#endif
    const int next = first + i + 1 < pixels;
    ow += next;
    const int row_ends = ow == out_width;
    ow = row_ends ? 0 : ow;
    oh += row_ends;
    const int image_ends = oh == out_height;
    oh = image_ends ? 0 : oh;
    n += image_ends;
  }

  // From one tap of the window to the next, to the first of the next row, and of the next block.
  const long right = dilation_w * INPUT_VECTOR;
  const long down = (long)dilation_h * x_row - kernel_width * right;
  const long deeper = x_plane - (long)kernel_height * dilation_h * x_row;
  const size_t slab = (size_t)in_blocks * kernel_height * kernel_width * INPUT_VECTOR * FILTERS;
  for (int tile = begin; tile < end; ++tile) {
    real sums[BLOCKS][TILE];
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      const real start = load(bias + (group * tiles + tile) * FILTERS + j * VECTOR);
#pragma unroll
      for (int i = 0; i < TILE; ++i) {
        sums[j][i] = start;
      }
    }

    global const stored *weight = weights + (group * tiles + tile) * slab;
    // One loop over channels and window, whose addresses are ready long before they are needed.
    long tap = 0;
    int kw = 0, kh = 0;
    for (int step = 0; step < in_blocks * kernel_height * kernel_width; ++step) {
#pragma unroll
      for (int c = 0; c < INPUT_VECTOR; ++c, weight += FILTERS) {
        FETCH_LINE(corners[TILE - 1] + tap + (c + 1) * INPUT_VECTOR);
        real w[BLOCKS];
#pragma unroll
        for (int j = 0; j < BLOCKS; ++j) {
          w[j] = load_weights(weight + j * VECTOR);
        }
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          const real value = (real)(corners[i][tap + c]);
#pragma unroll
          for (int j = 0; j < BLOCKS; ++j) {
            sums[j][i] = fma(value, w[j], sums[j][i]);
          }
        }
      }
      tap += right;
      if (++kw == kernel_width) {
        kw = 0;
        tap += down;
        if (++kh == kernel_height) {
          kh = 0;
          tap += deeper;
        }
      }
    }

#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      const int block = tile * BLOCKS + j;
      if (block < out_blocks) {
        global float *out = y + (size_t)(group * out_blocks + block) * y_plane;
#if ADDS
        global const float *more = summand + (size_t)(group * out_blocks + block) * summand_plane;
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          sums[j][i] += load(more + summands[i]);
        }
#endif
        activate_all(sums[j], TILE, activation, slope);
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          store(sums[j][i], out + places[i]);
        }
      }
    }
  }
}
