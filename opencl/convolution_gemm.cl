// Convolution for GPUs as an implicit matrix product: tiles in local memory and in registers.
//
//   y[oc,p] = f( bias[oc] + sum over k of weights[oc,k] * column[k,p] )      for each group
//   with p = (n*out_height + oh)*out_width + ow,  k = (ic*kernel_height + kh)*kernel_width + kw,
//   column[k,p] = x[n, g*IC + ic, oh*stride_h - pad_h + kh*dilation_h, likewise w], 0 outside the
//   image; the columns are never stored. A fully connected layer is the case where the window is the
//   whole image.
//
// Tensors    planar (VECTOR = 1)
//   x         [batch, groups*IC, in_height, in_width]
//   weights   [groups*OC, K] dense, K = IC*kernel_height*kernel_width
//   bias      [groups*OC]
//   y         [batch, groups*OC, out_height, out_width]
//
// Work-items   (p, oc, group) in work-groups of 16×16; a work-group computes TILE_P pixels × TILE_M
//              filters, a work-item every 16th of them in both directions: neighbouring work-items
//              touch neighbouring pixels, in x and in y. K goes by in slices of TILE_K: while one
//              slice is multiplied from local memory, the next is fetched into registers, and two
//              local buffers take turns, so that a slice costs one barrier.
//
// Macros
//   VECTOR    required: 1
//   TILE_P, TILE_M   required: multiples of 16
//   TILE_K    16; 2*TILE_K*(TILE_P + TILE_M) floats of local memory: 16-32 KB

#include "common/tensor.clh"
#include "common/activation.clh"

#if !defined(TILE_P) || !defined(TILE_M) || VECTOR != 1
#error "convolution_gemm.cl: a required macro is missing; see the list at the top of the file"
#endif
#ifndef TILE_K
#define TILE_K 16
#endif

#define SIDE 16
#define PIXELS (TILE_P / SIDE)
#define ROWS (TILE_M / SIDE)

// The element of x under tap k of the window, or 0 in the padding; `h`, `w` are the window's corner.
static inline float column(global const float *image, const int k, const int h, const int w,
                           const int x_plane, const int x_row, const int in_height,
                           const int in_width, const int kernel_height, const int kernel_width,
                           const int dilation_h, const int dilation_w) {
  const int kw = k % kernel_width;
  const int kh = k / kernel_width % kernel_height;
  const int ic = k / (kernel_width * kernel_height);
  const int row = h + kh * dilation_h;
  const int col = w + kw * dilation_w;
  const bool inside = row >= 0 && row < in_height && col >= 0 && col < in_width;
  return inside ? image[(size_t)ic * x_plane + row * x_row + col] : 0.0f;
}

kernel __attribute__((reqd_work_group_size(SIDE, SIDE, 1))) void convolution_forward_gemm(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), const int batch, const int group_in, const int group_out, const int in_height,
    const int in_width, const int out_height, const int out_width, const int kernel_height,
    const int kernel_width, const int stride_h, const int stride_w, const int dilation_h,
    const int dilation_w, const int pad_h, const int pad_w, const int activation,
    const float slope) {
  local float a[2][TILE_K][TILE_M];
  local float b[2][TILE_K][TILE_P];
  const int lx = get_local_id(0);
  const int ly = get_local_id(1);
  const int group = get_global_id(2);
  const int p0 = get_group_id(0) * TILE_P;
  const int m0 = get_group_id(1) * TILE_M;
  const int out_plane = out_height * out_width;
  const int pixels = batch * out_plane;
  const int depth = group_in * kernel_height * kernel_width;

  // Where this work-item's share of the pixels lies: it fetches and computes the same ones.
  global const float *images[PIXELS];
  int corner_h[PIXELS], corner_w[PIXELS];
#pragma unroll
  for (int i = 0; i < PIXELS; ++i) {
    const int p = min(p0 + i * SIDE + lx, pixels - 1);
    images[i] = BLOCK_OF(x, p / out_plane, group * group_in);
    corner_h[i] = p % out_plane / out_width * stride_h - pad_h;
    corner_w[i] = p % out_width * stride_w - pad_w;
  }
  global const float *filters = weights + (size_t)group * group_out * depth;

  float sums[ROWS][PIXELS];
#pragma unroll
  for (int j = 0; j < ROWS; ++j) {
#pragma unroll
    for (int i = 0; i < PIXELS; ++i) {
      sums[j][i] = 0.0f;
    }
  }

  const int slices = (depth + TILE_K - 1) / TILE_K;
  float next_a[ROWS * TILE_K / SIDE], next_b[PIXELS * TILE_K / SIDE];
  for (int slice = -1; slice < slices; ++slice) {
    // Fetch the next slice; what lies beyond the matrices is zero.
    const int k0 = (slice + 1) * TILE_K;
#pragma unroll
    for (int kk = 0; kk < TILE_K / SIDE; ++kk) {
#pragma unroll
      for (int j = 0; j < ROWS; ++j) {
        const int m = m0 + j * SIDE + ly;
        const int k = k0 + kk * SIDE + lx;  // along a row of weights: neighbours read neighbours
        const bool there = m < group_out && k < depth;
        next_a[kk * ROWS + j] = there ? filters[(size_t)m * depth + k] : 0.0f;
      }
#pragma unroll
      for (int i = 0; i < PIXELS; ++i) {
        const int k = k0 + kk * SIDE + ly;
        next_b[kk * PIXELS + i] =
            k < depth ? column(images[i], k, corner_h[i], corner_w[i], x_plane, x_row, in_height,
                               in_width, kernel_height, kernel_width, dilation_h, dilation_w)
                      : 0.0f;
      }
    }
    if (slice >= 0) {
      const int now = slice & 1;
      for (int k = 0; k < TILE_K; ++k) {
        float value[PIXELS];
#pragma unroll
        for (int i = 0; i < PIXELS; ++i) {
          value[i] = b[now][k][i * SIDE + lx];
        }
#pragma unroll
        for (int j = 0; j < ROWS; ++j) {
          const float weight = a[now][k][j * SIDE + ly];
#pragma unroll
          for (int i = 0; i < PIXELS; ++i) {
            sums[j][i] = fma(weight, value[i], sums[j][i]);
          }
        }
      }
    }
    if (slice + 1 < slices) {
      const int then = (slice + 1) & 1;
#pragma unroll
      for (int kk = 0; kk < TILE_K / SIDE; ++kk) {
#pragma unroll
        for (int j = 0; j < ROWS; ++j) {
          a[then][kk * SIDE + lx][j * SIDE + ly] = next_a[kk * ROWS + j];
        }
#pragma unroll
        for (int i = 0; i < PIXELS; ++i) {
          b[then][kk * SIDE + ly][i * SIDE + lx] = next_b[kk * PIXELS + i];
        }
      }
    }
    barrier(CLK_LOCAL_MEM_FENCE);
  }

#pragma unroll
  for (int j = 0; j < ROWS; ++j) {
    const int m = m0 + j * SIDE + ly;
#pragma unroll
    for (int i = 0; i < PIXELS; ++i) {
      const int p = p0 + i * SIDE + lx;
      if (m < group_out && p < pixels) {
        const int oc = group * group_out + m;
        *ELEMENT_OF(y, p / out_plane, oc, p % out_plane / out_width, p % out_width) =
            activate(sums[j][i] + bias[oc], activation, slope);
      }
    }
  }
}
