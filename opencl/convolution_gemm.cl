// Convolution for GPUs as an implicit matrix product: tiles in local memory and in registers.
//
//   y[oc,p] = f( bias[oc] + sum over k of weights[oc,k] * column[k,p] [+ summand[oc,p]] )   for each group
//   with p = (n*out_height + oh)*out_width + ow,  k = (ic*kernel_height + kh)*kernel_width + kw,
//   column[k,p] = x[n, g*IC + ic, oh*stride_h - pad_h + kh*dilation_h, likewise w]; the columns are
//   never stored. The padding is read from memory: x has a halo of zeros. A fully connected layer is
//   the case where the window is the whole image.
//
// Tensors    planar (VECTOR = 1)
//   x         [batch, groups*IC, in_height, in_width] with a halo
//   weights   [groups, tiles, K, TILE_M] with zeros after the last filter, K = IC*kernel_height*kernel_width;
//             with MATRIX [groups, tiles, slices, TILE_M, TILE_K], zeros after the last k, too
//   bias      [groups*OC]
//   y         [batch, groups*OC, out_height, out_width]
//   summand   only with ADDS: like y, not the same memory
//   partial   SPLIT: [splits, groups*OC, batch*out_height*out_width]
//
// Work-items   (p, tile of filters, group or group*splits + split) in work-groups of GROUP, see
//              gemm_tile.clh. While one slice of K is multiplied, the next is fetched to registers.
//              A work-item fetches one pixel of several k, so that neighbours read neighbouring
//              pixels; with ALONG_K one k of several pixels. It knows the place of each tap in x and
//              goes on to that of the next slice by additions alone: see next_tap.
//              convolution_add_partial: (p, filter).
//
// Macros
//   VECTOR    required: 1
//   TILE_M, TILE_N, TILE_K, ITEM_M, ITEM_N   required: see gemm_tile.clh; GROUP is a multiple of
//                                            TILE_N, and with ALONG_K of TILE_K
//   ALONG_K   required: 1 where images are far apart and taps are neighbours (fully connected), else 0
//   MATRIX    0; else for products in tf32 or half by matrix units, see matrix_tile.clh
//   ADDS      whether a summand of y's shape is added before f, 0 or 1; default 0
//   SPLIT     required: 1 if K is cut into parts of `span` slices that convolution_add_partial adds

#include "common/tensor.clh"
#include "common/activation.clh"
#include "common/gemm_tile.clh"
#if MATRIX
#include "common/matrix_tile.clh"
#endif
#ifndef SUB_GROUP_SIZE
#define SUB_GROUP_SIZE
#endif

#if !defined(ALONG_K) || !defined(SPLIT) || VECTOR != 1
#error "convolution_gemm.cl: a required macro is missing; see the list at the top of the file"
#endif

#if ALONG_K
#define PIXELS (TILE_N * TILE_K / GROUP)
#define TAPS 1
#define TAP_ROW(item, i) ((item) % TILE_K)
#define PIXEL_COLUMN(item, i) ((item) / TILE_K + (i) * (GROUP / TILE_K))
#else
#define PIXELS 1
#define TAPS (TILE_N * TILE_K / GROUP)
#if MATRIX
#define TAP_ROW(item, i) ((item) / TILE_N * TAPS + (i))
#else
#define TAP_ROW(item, i) ((item) / TILE_N + (i) * (GROUP / TILE_N))
#endif
#define PIXEL_COLUMN(item, i) ((item) % TILE_N)
#endif

// Where tap k reads, relative to the window's corner, with its place in the window: (offset, kh, kw, 0).
static inline int4 tap(const int k, const int plane, const int row, const int kernel_height,
                       const int kernel_width, const int dilation_h, const int dilation_w) {
  const int kw = k % kernel_width;
  const int kh = k / kernel_width % kernel_height;
  const int ic = k / (kernel_width * kernel_height);
  return (int4)(ic * plane + kh * dilation_h * row + kw * dilation_w, kh, kw, 0);
}

// The tap so much further as `pace` says, itself a tap. `wrap` is (what the end of a row of the window
// adds to the offset, what the end of the window adds, kernel_width, kernel_height).
static inline int4 next_tap(const int4 at, const int4 pace, const int4 wrap) {
  int4 then = at + pace;
  if (then.z >= wrap.z) {
    then += (int4)(wrap.x, 1, -wrap.z, 0);
  }
  if (then.y >= wrap.w) {
    then += (int4)(wrap.y, -wrap.w, 0, 0);
  }
  return then;
}

// Stores a work-item's share of the next slice of columns: next[i*PIXELS + j] is of tap i and pixel j.
static inline void put_columns(local cell *b, const int item, const float *next) {
#if MATRIX && !ALONG_K
  put_run(b, TAP_ROW(item, 0), PIXEL_COLUMN(item, 0), next, TAPS);
#else
#pragma unroll
  for (int i = 0; i < TAPS; ++i) {
#pragma unroll
    for (int j = 0; j < PIXELS; ++j) {
      put_b(b, TAP_ROW(item, i), PIXEL_COLUMN(item, j), next[i * PIXELS + j]);
    }
  }
#endif
}

kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) SUB_GROUP_SIZE void convolution_forward_gemm(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), SUMMAND global float *restrict partial, const ulong partial_offset, const int batch,
    const int group_in, const int group_out, const int tiles, const int splits, const int span,
    const int in_height, const int in_width, const int out_height, const int out_width,
    const int kernel_height, const int kernel_width, const int stride_h, const int stride_w,
    const int dilation_h, const int dilation_w, const int pad_h, const int pad_w,
    const int activation, const float slope) {
  local cell a[2][SLICE_A];
  local cell b[2][SLICE_B];
#if MATRIX
  EXCHANGE_MEMORY(exchange);
#endif
  const int item = get_local_id(0);
  const int group = get_global_id(2) / splits;
  const int split = get_global_id(2) % splits;
  const int p0 = get_group_id(0) * TILE_N;
  const int m0 = get_group_id(1) * TILE_M;
  const int out_plane = out_height * out_width;
  const int pixels = batch * out_plane;
  const int depth = group_in * kernel_height * kernel_width;
  const int first = split * span * TILE_K;
  const int last = min(depth, first + span * TILE_K);

  // What is beyond the last pixel computes the last one again, and does not store it.
  global const float *corners[PIXELS];
#pragma unroll
  for (int i = 0; i < PIXELS; ++i) {
    const int p = min(p0 + PIXEL_COLUMN(item, i), pixels - 1);
    corners[i] = BLOCK_OF(x, p / out_plane, group * group_in) +
                 (long)(p % out_plane / out_width * stride_h - pad_h) * x_row +
                 (p % out_width * stride_w - pad_w);
  }
  int4 taps[TAPS];
#pragma unroll
  for (int i = 0; i < TAPS; ++i) {
    taps[i] = tap(first + TAP_ROW(item, i), x_plane, x_row, kernel_height, kernel_width, dilation_h,
                  dilation_w);
  }
  const int4 pace =
      tap(TILE_K, x_plane, x_row, kernel_height, kernel_width, dilation_h, dilation_w);
  const int4 wrap = (int4)(dilation_h * x_row - kernel_width * dilation_w,
                           x_plane - kernel_height * dilation_h * x_row, kernel_width, kernel_height);
  global const float *filters =
      weights + ((size_t)group * tiles + get_group_id(1)) * PACKED(depth);

  tile_sum sums[SUMS];
  tile_clear(sums);
  const int slices = (last - first + TILE_K - 1) / TILE_K;
  float4 next_a[FETCH_A];
  float next_b[TAPS * PIXELS];
  for (int slice = -1; slice < slices; ++slice) {
    const int now = slice & 1;
    const bool more = slice + 1 < slices;
    if (more) {
      fetch_a(filters, first + (slice + 1) * TILE_K, last, item, next_a);
#pragma unroll
      for (int i = 0; i < TAPS; ++i) {
        const int k = first + (slice + 1) * TILE_K + TAP_ROW(item, i);
#pragma unroll
        for (int j = 0; j < PIXELS; ++j) {
          next_b[i * PIXELS + j] = k < last ? corners[j][taps[i].x] : 0.0f;
        }
        taps[i] = next_tap(taps[i], pace, wrap);
      }
    }
    if (slice >= 0) {
      MULTIPLY_TILE(a[now], b[now], item, sums);
    }
    if (more) {
      put_a(a[1 - now], item, next_a);
      put_columns(b[1 - now], item, next_b);
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

#if !SPLIT
  float start[SUM_ROWS];
SUMS_LOOP
  for (int row = 0; row < SUM_ROWS; ++row) {
    start[row] = bias[group * group_out + min(m0 + ROW_AT(row, item), group_out - 1)];
  }
#endif
SUMS_LOOP
  for (int column = 0; column < SUM_COLUMNS; ++column) {
    const int p = p0 + COLUMN_AT(column, item);
    if (p >= pixels) {
      continue;
    }
#if SPLIT
    global float *to = partial + partial_offset +
                       (size_t)(split * get_global_size(2) / splits + group) * group_out * pixels + p;
#else
    global float *to = BLOCK_OF(y, p / out_plane, group * group_out) +
                       p % out_plane / out_width * y_row + p % out_width;
#endif
#if ADDS && !SPLIT
    global const float *more = BLOCK_OF(summand, p / out_plane, group * group_out) +
                               p % out_plane / out_width * summand_row + p % out_width;
#endif
SUMS_LOOP
    for (int row = 0; row < SUM_ROWS; ++row) {
      const int m = m0 + ROW_AT(row, item);
      float sum = SUM_AT(sums, row, column);
      if (m < group_out) {
#if SPLIT
        to[(size_t)m * pixels] = sum;
#else
        sum += start[row];
#if ADDS
        sum += more[(size_t)m * summand_plane];
#endif
        to[(size_t)m * y_plane] = activate_unrolled(sum, activation, slope);
#endif
      }
    }
  }
}

#if SPLIT
kernel void convolution_add_partial(global const float *restrict partial, const ulong partial_offset,
                                    global const float *restrict bias, TENSOR(y), SUMMAND
                                    const int batch, const int filters, const int splits, const int out_height,
                                    const int out_width, const int activation, const float slope) {
  const int p = get_global_id(0);
  const int oc = get_global_id(1);
  const int out_plane = out_height * out_width;
  const int pixels = batch * out_plane;
  if (p >= pixels || oc >= filters) {
    return;
  }
  float sum = bias[oc];
  for (int split = 0; split < splits; ++split) {
    sum += partial[partial_offset + ((size_t)split * filters + oc) * pixels + p];
  }
  const int n = p / out_plane;
  const int oh = p % out_plane / out_width;
  const int ow = p % out_width;
#if ADDS
  sum += *ELEMENT_OF(summand, n, oc, oh, ow);
#endif
  *ELEMENT_OF(y, n, oc, oh, ow) = activate(sum, activation, slope);
}
#endif
