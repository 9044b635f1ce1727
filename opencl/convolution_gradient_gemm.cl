// The way back through a convolution for GPUs as implicit matrix products: tiles in local memory and in
// registers.
//
//   dx[n,c,h,w]     = sum over oc,kh,kw of weights[oc,ic,kh,kw] * dy[n,oc,oh,ow]
//                     where oh*stride_h = h + pad_h - kh*dilation_h, ow likewise
//   dw[oc,ic,kh,kw] = accumulate*dw + sum over n,oh,ow of x[n, g*IC + ic, h, w] * dy[n,oc,oh,ow]
//                     with h = oh*stride_h - pad_h + kh*dilation_h,  w likewise
//
// For dx, which taps divide depends on h and w modulo the strides alone. A launch computes one such
// phase, as in convolution_gradient_input.cl: h = first_h + stride_h*a; tap j is kh = tap_h + tap_step_h*j
// and finds dy at oh = origin_h + a - back_h*j. A product of weights, [IC, OC*taps], and columns of dy.
//
// For dw the sum runs over the pixels of all images: a product of dy, [OC, pixels], and columns of x,
// [pixels, IC*taps]. It is cut into parts, so that there are enough work-groups; the parts are added up
// in order.
//
// Tensors    planar (VECTOR = 1)
//   x, dx     [batch, groups*IC, in_height, in_width]
//   dy        [batch, groups*OC, out_height, out_width]
//   weights, dw   [groups*OC, IC, kernel_height, kernel_width] dense
//   parts     [parts, groups*OC, IC, kernel_height, kernel_width]
//
// Work-items   dx: (p, ic, group) with p = (n*phase_height + a)*phase_width + b
//              dw: (ic*taps + tap, oc, group*parts + part)
//              in work-groups of 16×16; a work-group computes TILE_N × TILE_M sums, a work-item every
//              16th of them in both directions. The depth goes by in slices of TILE_K: while one is
//              multiplied from local memory, the next is fetched into registers, and two local
//              buffers take turns, so that a slice costs one barrier.
//              sum of parts: (element, 1, 1) in a strided loop
//
// Macros
//   VECTOR           required: 1
//   TILE_N, TILE_M   required: multiples of 16
//   TILE_K           16; 2*TILE_K*(TILE_N + TILE_M + 2) floats of local memory: up to 17 KB

#include "common/tensor.clh"

#if !defined(TILE_N) || !defined(TILE_M) || VECTOR != 1
#error "convolution_gradient_gemm.cl: a required macro is missing; see the top of the file"
#endif
#ifndef TILE_K
#define TILE_K 16
#endif

#define SIDE 16
#define COLUMNS (TILE_N / SIDE)
#define ROWS (TILE_M / SIDE)
// One more, so that neighbours who write along the depth do not meet in a bank.
#define PITCH_M (TILE_M + 1)
#define PITCH_N (TILE_N + 1)

// sums[j][i] += the products of a slice; a is [TILE_K, PITCH_M], b is [TILE_K, PITCH_N].
static inline void multiply(local const float *a, local const float *b, const int lx, const int ly,
                            float (*sums)[COLUMNS]) {
  for (int k = 0; k < TILE_K; ++k) {
    float value[COLUMNS];
#pragma unroll
    for (int i = 0; i < COLUMNS; ++i) {
      value[i] = b[k * PITCH_N + i * SIDE + lx];
    }
#pragma unroll
    for (int j = 0; j < ROWS; ++j) {
      const float factor = a[k * PITCH_M + j * SIDE + ly];
#pragma unroll
      for (int i = 0; i < COLUMNS; ++i) {
        sums[j][i] = fma(factor, value[i], sums[j][i]);
      }
    }
  }
}

// Stores what a work-item fetched of a slice: every 16th k from `k` on, every 16th column from `m` on.
static inline void put(local float *to, const int pitch, const int count, const int k, const int m,
                       const float *next) {
#pragma unroll
  for (int kk = 0; kk < TILE_K / SIDE; ++kk) {
#pragma unroll
    for (int i = 0; i < count; ++i) {
      to[(kk * SIDE + k) * pitch + i * SIDE + m] = next[kk * count + i];
    }
  }
}

// Multiplies one slice and stores the next one, which was fetched meanwhile, in the other buffers. A barrier
// must follow. (k, n) is the corner of the work-item's share of b; that of a is (lx, ly).
static inline void turn(local float (*a)[TILE_K * PITCH_M], local float (*b)[TILE_K * PITCH_N],
                        const int slice, const int slices, const int lx, const int ly, const int k,
                        const int n, const float *next_a, const float *next_b,
                        float (*sums)[COLUMNS]) {
  if (slice >= 0) {
    multiply(a[slice & 1], b[slice & 1], lx, ly, sums);
  }
  if (slice + 1 < slices) {
    put(a[(slice + 1) & 1], PITCH_M, ROWS, lx, ly, next_a);
    put(b[(slice + 1) & 1], PITCH_N, COLUMNS, k, n, next_b);
  }
}

static inline void clear(float (*sums)[COLUMNS]) {
#pragma unroll
  for (int j = 0; j < ROWS; ++j) {
#pragma unroll
    for (int i = 0; i < COLUMNS; ++i) {
      sums[j][i] = 0.0f;
    }
  }
}

kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void convolution_backward_input_gemm(
    CONST_TENSOR(dy), global const float *restrict weights, const ulong weights_offset, TENSOR(dx),
    const int batch, const int group_in, const int group_out, const int phase_height,
    const int phase_width, const int out_height, const int out_width, const int kernel_height,
    const int kernel_width, const int stride_h, const int stride_w, const int first_h,
    const int first_w, const int tap_h, const int tap_w, const int tap_step_h, const int tap_step_w,
    const int taps_h, const int taps_w, const int origin_h, const int origin_w, const int back_h,
    const int back_w) {
  local float a[2][TILE_K * PITCH_M];
  local float b[2][TILE_K * PITCH_N];
  const int lx = get_local_id(0);
  const int ly = get_local_id(1);
  const int group = get_global_id(2);
  const int p0 = get_group_id(0) * TILE_N;
  const int m0 = get_group_id(1) * TILE_M;
  const int area = phase_height * phase_width;
  const int pixels = batch * area;
  const int taps = taps_h * taps_w;
  const int depth = group_out * taps;
  const int window = kernel_height * kernel_width;

  // Where the pixels of this work-item lie: it fetches and computes the same ones.
  global const float *images[COLUMNS];
  int corner_h[COLUMNS], corner_w[COLUMNS];
#pragma unroll
  for (int i = 0; i < COLUMNS; ++i) {
    const int p = min(p0 + i * SIDE + lx, pixels - 1);
    images[i] = BLOCK_OF(dy, p / area, group * group_out);
    corner_h[i] = origin_h + p % area / phase_width;
    corner_w[i] = origin_w + p % phase_width;
  }
  global const float *filters =
      weights + weights_offset + (size_t)group * group_out * group_in * window;

  float sums[ROWS][COLUMNS];
  clear(sums);
  const int slices = (depth + TILE_K - 1) / TILE_K;
  float next_a[ROWS * TILE_K / SIDE], next_b[COLUMNS * TILE_K / SIDE];
  for (int slice = -1; slice < slices; ++slice) {
    // Fetch the next slice; what lies beyond the matrices is zero.
#pragma unroll
    for (int kk = 0; kk < TILE_K / SIDE; ++kk) {
      const int ka = (slice + 1) * TILE_K + kk * SIDE + lx;  // neighbours read neighbouring taps
      const int kb = (slice + 1) * TILE_K + kk * SIDE + ly;
      const int tap = ka < depth ? (tap_h + ka / taps_w % taps_h * tap_step_h) * kernel_width +
                                       tap_w + ka % taps_w * tap_step_w
                                 : 0;
#pragma unroll
      for (int j = 0; j < ROWS; ++j) {
        const int m = m0 + j * SIDE + ly;
        const bool there = m < group_in && ka < depth;
        next_a[kk * ROWS + j] =
            there ? filters[((size_t)(ka / taps) * group_in + m) * window + tap] : 0.0f;
      }
      const int up = kb < depth ? kb / taps_w % taps_h * back_h : 0;
      const int left = kb < depth ? kb % taps_w * back_w : 0;
#pragma unroll
      for (int i = 0; i < COLUMNS; ++i) {
        const int row = corner_h[i] - up;
        const int col = corner_w[i] - left;
        const bool there =
            kb < depth && row >= 0 && row < out_height && col >= 0 && col < out_width;
        next_b[kk * COLUMNS + i] =
            there ? images[i][(size_t)(kb / taps) * dy_plane + row * dy_row + col] : 0.0f;
      }
    }
    turn(a, b, slice, slices, lx, ly, ly, lx, next_a, next_b, sums);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
#pragma unroll
  for (int j = 0; j < ROWS; ++j) {
    const int m = m0 + j * SIDE + ly;
#pragma unroll
    for (int i = 0; i < COLUMNS; ++i) {
      const int p = p0 + i * SIDE + lx;
      if (m < group_in && p < pixels) {
        *ELEMENT_OF(dx, p / area, group * group_in + m,
                    first_h + p % area / phase_width * stride_h,
                    first_w + p % phase_width * stride_w) = sums[j][i];
      }
    }
  }
}

kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void convolution_backward_weights_gemm(
    CONST_TENSOR(x), CONST_TENSOR(dy), global float *restrict parts, const ulong parts_offset,
    const int batch, const int part, const int groups, const int group_in, const int group_out,
    const int in_height, const int in_width, const int out_height, const int out_width,
    const int kernel_height, const int kernel_width, const int stride_h, const int stride_w,
    const int dilation_h, const int dilation_w, const int pad_h, const int pad_w) {
  local float a[2][TILE_K * PITCH_M];
  local float b[2][TILE_K * PITCH_N];
  const int lx = get_local_id(0);
  const int ly = get_local_id(1);
  const int group = get_global_id(2) % groups;
  const int index = get_global_id(2) / groups;
  const int q0 = get_group_id(0) * TILE_N;
  const int m0 = get_group_id(1) * TILE_M;
  const int out_plane = out_height * out_width;
  const int taps = kernel_height * kernel_width;
  const int elements = group_in * taps;
  const int start = index * part;
  const int end = min(start + part, batch * out_plane);

  // Where in x the weights of this work-item's share find their pixels.
  global const float *planes[COLUMNS];
  int shift_h[COLUMNS], shift_w[COLUMNS];
#pragma unroll
  for (int i = 0; i < COLUMNS; ++i) {
    const int q = min(q0 + i * SIDE + ly, elements - 1);
    planes[i] = BLOCK_OF(x, 0, group * group_in + q / taps);
    shift_h[i] = q / kernel_width % kernel_height * dilation_h - pad_h;
    shift_w[i] = q % kernel_width * dilation_w - pad_w;
  }

  float sums[ROWS][COLUMNS];
  clear(sums);
  const int slices = max(0, (end - start + TILE_K - 1) / TILE_K);
  float next_a[ROWS * TILE_K / SIDE], next_b[COLUMNS * TILE_K / SIDE];
  for (int slice = -1; slice < slices; ++slice) {
#pragma unroll
    for (int kk = 0; kk < TILE_K / SIDE; ++kk) {
      const int p = start + (slice + 1) * TILE_K + kk * SIDE + lx;  // neighbours read neighbours
      const int n = p / out_plane;
      const int oh = p % out_plane / out_width;
      const int ow = p % out_width;
#pragma unroll
      for (int j = 0; j < ROWS; ++j) {
        const int m = m0 + j * SIDE + ly;
        const bool there = m < group_out && p < end;
        next_a[kk * ROWS + j] =
            there ? *ELEMENT_OF(dy, n, group * group_out + m, oh, ow) : 0.0f;
      }
#pragma unroll
      for (int i = 0; i < COLUMNS; ++i) {
        const int row = oh * stride_h + shift_h[i];
        const int col = ow * stride_w + shift_w[i];
        const bool there = p < end && row >= 0 && row < in_height && col >= 0 && col < in_width;
        next_b[kk * COLUMNS + i] =
            there ? planes[i][(size_t)n * x_image + row * x_row + col] : 0.0f;
      }
    }
    turn(a, b, slice, slices, lx, ly, lx, ly, next_a, next_b, sums);
    barrier(CLK_LOCAL_MEM_FENCE);
  }
  global float *out = parts + parts_offset + ((size_t)index * groups + group) * group_out * elements;
#pragma unroll
  for (int j = 0; j < ROWS; ++j) {
    const int m = m0 + j * SIDE + ly;
#pragma unroll
    for (int i = 0; i < COLUMNS; ++i) {
      const int q = q0 + i * SIDE + lx;
      if (m < group_out && q < elements) {
        out[(size_t)m * elements + q] = sums[j][i];
      }
    }
  }
}

kernel void convolution_backward_weights_parts(global const float *restrict parts,
                                               const ulong parts_offset, global float *restrict dw,
                                               const ulong dw_offset, const int elements,
                                               const int count, const int accumulate) {
  for (int i = get_global_id(0); i < elements; i += get_global_size(0)) {
    float sum = 0.0f;
    for (int part = 0; part < count; ++part) {
      sum += parts[parts_offset + (size_t)part * elements + i];
    }
    global float *out = dw + dw_offset + i;
    *out = accumulate ? *out + sum : sum;
  }
}
