// Winograd's convolution for GPUs: transforms of small tiles, and a matrix product for each of their points.
//
//   y = f( bias + A' [ sum over channels of (G g G') * (B' d B) ] A [+ summand] )     *: element by element
//
// as convolution_winograd.cl says; here every part is a kernel of its own, and what goes between them is
// in memory:   m[point][oc][tile] = sum over ic of weights[point][oc][ic] * v[point][ic][tile].
//
// Tensors    planar (VECTOR = 1), POINTS = ALPHA^2
//   x         [batch, groups*IC, H, W]; a halo of zeros before it of the padding, and after it of what
//             the last tiles reach
//   v         [POINTS, groups*IC, width]: B' d B, zeros after the last tile; width is a multiple of TILE_N
//   weights   [groups, parts, POINTS, IC, TILE_M]: G g G', zeros beyond the last filter of a group
//   m         [POINTS, groups*OC, width]: sums of products
//   bias      [groups*OC]
//   y         [batch, groups*OC, out_height, out_width]
//   summand   only with ADDS: like y, not the same memory
//
// The tiles of a batch are worked on in passes, so that v and m stay small: `first` is the first tile of
// this one. Tiles are counted through the images.
//
// Work-items   winograd_gpu_input:    (tile, channel): one tile of a channel
//              winograd_gpu_products: (tiles, part, group*POINTS + point) in work-groups of GROUP, see
//                                     gemm_tile.clh
//              winograd_gpu_output:   (tile, filter): one tile of outputs
//
// Macros
//   VECTOR        required: 1
//   ADDS          whether a summand of y's shape is added before f, 0 or 1; default 0
//   ALPHA, OUT    required: side of a tile of inputs, 4 or 6, and of outputs
//   TILE_M, TILE_N, TILE_K, ITEM_M, ITEM_N   required: see gemm_tile.clh
//
// Source: Lavin and Gray (2016), "Fast algorithms for convolutional neural networks", section 4.

#include "common/tensor.clh"
#include "common/activation.clh"
#include "common/winograd.clh"
#include "common/gemm_tile.clh"

#if VECTOR != 1
#error "convolution_winograd_gpu.cl: VECTOR must be 1"
#endif

#define POINTS (ALPHA * ALPHA)

kernel void winograd_gpu_input(CONST_TENSOR(x), global float *restrict v, const ulong v_offset,
                               const int batch, const int channels, const int width,
                               const int tiles_h, const int tiles_w, const int pad_h,
                               const int pad_w, const int first) {
  const int t = get_global_id(0);
  const int c = get_global_id(1);
  if (t >= width || c >= channels) {
    return;
  }
  const int tile = first + t;
  const int column = tile % tiles_w;
  const int row = tile / tiles_w % tiles_h;
  const int n = tile / tiles_w / tiles_h;
  const bool there = n < batch;
  global const float *corner =
      BLOCK_OF(x, min(n, batch - 1), c) + (long)(row * OUT - pad_h) * x_row + (column * OUT - pad_w);
  float half_way[ALPHA][ALPHA];
#pragma unroll
  for (int j = 0; j < ALPHA; ++j) {
    float d[ALPHA], e[ALPHA];
#pragma unroll
    for (int i = 0; i < ALPHA; ++i) {
      d[i] = there ? corner[(long)i * x_row + j] : 0.0f;
    }
    transform_input(d, e);
#pragma unroll
    for (int i = 0; i < ALPHA; ++i) {
      half_way[i][j] = e[i];
    }
  }
  const size_t pitch = (size_t)channels * width;
  global float *out = v + v_offset + (size_t)c * width + t;
#pragma unroll
  for (int i = 0; i < ALPHA; ++i) {
    float e[ALPHA];
    transform_input(half_way[i], e);
#pragma unroll
    for (int j = 0; j < ALPHA; ++j) {
      out[(i * ALPHA + j) * pitch] = e[j];
    }
  }
}

// float4 of a slice of v that each work-item fetches.
#define FETCH_B (TILE_K * TILE_N / 4 / GROUP)

kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void winograd_gpu_products(
    global const float *restrict v, const ulong v_offset, global const float *restrict weights,
    global float *restrict m, const ulong m_offset, const int groups, const int group_in,
    const int group_out, const int parts, const int width) {
  local cell a[2][SLICE_A];
  local cell b[2][SLICE_B];
  const int item = get_local_id(0);
  const int group = get_global_id(2) / POINTS;
  const int point = get_global_id(2) % POINTS;
  const int part = get_group_id(1);
  const int t0 = get_group_id(0) * TILE_N;
  global const float *filters =
      weights + (((size_t)group * parts + part) * POINTS + point) * group_in * TILE_M;
  global const float *values =
      v + v_offset + ((size_t)point * groups + group) * group_in * width + t0;

  tile_sum sums[SUMS];
  tile_clear(sums);
  const int slices = (group_in + TILE_K - 1) / TILE_K;
  float4 next_a[FETCH_A], next_b[FETCH_B];
  for (int slice = -1; slice < slices; ++slice) {
    const int now = slice & 1;
    const bool more = slice + 1 < slices;
    if (more) {
      const int k0 = (slice + 1) * TILE_K;
      fetch_a(filters, k0, group_in, item, next_a);
#pragma unroll
      for (int i = 0; i < FETCH_B; ++i) {
        const int at = (i * GROUP + item) * 4;
        const int k = k0 + at / TILE_N;
        next_b[i] = k < group_in
                        ? *(global const float4 *)(values + (size_t)k * width + at % TILE_N)
                        : (float4)(0.0f);
      }
    }
    if (slice >= 0) {
      MULTIPLY_TILE(a[now], b[now], item, sums);
    }
    if (more) {
      put_a(a[1 - now], item, next_a);
#pragma unroll
      for (int i = 0; i < FETCH_B; ++i) {
        const int at = (i * GROUP + item) * 4;
        b[1 - now][(at / TILE_N * PITCH_B + at % TILE_N) / 4] = next_b[i];
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

  global float *to = m + m_offset + ((size_t)point * groups + group) * group_out * width + t0;
#pragma unroll
  for (int row = 0; row < ITEM_M; ++row) {
    const int oc = part * TILE_M + ROW_AT(row, item);
    if (oc < group_out) {
#pragma unroll
      for (int piece = 0; piece < PIECES_N; ++piece) {
        *(global float4 *)(to + (size_t)oc * width + COLUMN_OF(piece, item)) =
            sums[row * PIECES_N + piece];
      }
    }
  }
}

kernel void winograd_gpu_output(global const float *restrict m, const ulong m_offset,
                                global const float *restrict bias, TENSOR(y), SUMMAND
                                const int batch, const int filters, const int width, const int tiles_h,
                                const int tiles_w, const int out_height, const int out_width,
                                const int first, const int activation, const float slope) {
  const int t = get_global_id(0);
  const int oc = get_global_id(1);
  const int tile = first + t;
  const int n = tile / tiles_w / tiles_h;
  if (t >= width || oc >= filters || n >= batch) {
    return;
  }
  const size_t pitch = (size_t)filters * width;
  global const float *in = m + m_offset + (size_t)oc * width + t;
  float half_way[OUT][ALPHA];
#pragma unroll
  for (int j = 0; j < ALPHA; ++j) {
    float column[ALPHA], out[OUT];
#pragma unroll
    for (int i = 0; i < ALPHA; ++i) {
      column[i] = in[(i * ALPHA + j) * pitch];
    }
    transform_output(column, out);
#pragma unroll
    for (int i = 0; i < OUT; ++i) {
      half_way[i][j] = out[i];
    }
  }
  const int h = tile / tiles_w % tiles_h * OUT;
  const int w = tile % tiles_w * OUT;
  global float *to = BLOCK_OF(y, n, oc) + (size_t)h * y_row + w;
#if ADDS
  global const float *more = BLOCK_OF(summand, n, oc) + (size_t)h * summand_row + w;
#endif
  const float start = bias[oc];
#pragma unroll
  for (int i = 0; i < OUT; ++i) {
    float out[OUT];
    transform_output(half_way[i], out);
#pragma unroll
    for (int j = 0; j < OUT; ++j) {
      if (h + i < out_height && w + j < out_width) {
        float sum = out[j] + start;
#if ADDS
        sum += more[i * summand_row + j];
#endif
        to[i * y_row + j] = activate_unrolled(sum, activation, slope);
      }
    }
  }
}
