// Fully connected layer of few images on GPUs: a matrix times a vector, a stream of the weights.
//
//   y[n,u] = f( bias[u] + sum over k of weights[u,k] * x[n,k] )     k runs over (c, h, w)
//
// Tensors    planar (VECTOR = 1)
//   x         [batch, C, height, width]
//   weights   [UNITS, pitch] with zeros after the depth = C*height*width weights of a row; pitch is a
//             multiple of 4
//   bias      [UNITS]
//   y         [batch, UNITS, 1, 1]
//
// Work-items   (item, rows of weights, image) in work-groups of GROUP: a work-group makes ROWS outputs
//              of an image, neighbours read neighbouring float4 of a row, and what they have is added
//              up in local memory, always in the same order.
//
// Macros
//   VECTOR    required: 1
//   GROUP     128, a power of two
//   ROWS      4: so many weights are loaded for each value of x

#include "common/tensor.clh"
#include "common/activation.clh"

#if VECTOR != 1
#error "fully_connected_gemv.cl: VECTOR must be 1"
#endif
#ifndef GROUP
#define GROUP 128
#endif
#ifndef ROWS
#define ROWS 4
#endif

// Value k of an image, 0 beyond the last one.
static inline float value(global const float *image, const int k, const int depth, const int height,
                          const int width, const int plane, const int row) {
  const int at = min(k, depth - 1);
  const float v =
      image[(size_t)(at / (height * width)) * plane + at / width % height * row + at % width];
  return k < depth ? v : 0.0f;
}

kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void fully_connected_gemv(
    CONST_TENSOR(x), global const float *restrict weights, global const float *restrict bias,
    TENSOR(y), const int batch, const int units, const int depth, const int pitch, const int height,
    const int width, const int dense, const int activation, const float slope) {
  local float parts[ROWS][GROUP];
  const int item = get_local_id(0);
  const int first = get_group_id(1) * ROWS;
  const int n = get_global_id(2);
  global const float *image = BLOCK_OF(x, n, 0);
  float4 sums[ROWS];
#pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    sums[r] = (float4)(0.0f);
  }
  for (int k = item * 4; k < pitch; k += GROUP * 4) {
    float4 v;
    if (dense && k + 4 <= depth) {
      v = vload4(0, image + k);
    } else {
      v = (float4)(value(image, k, depth, height, width, x_plane, x_row),
                   value(image, k + 1, depth, height, width, x_plane, x_row),
                   value(image, k + 2, depth, height, width, x_plane, x_row),
                   value(image, k + 3, depth, height, width, x_plane, x_row));
    }
#pragma unroll
    for (int r = 0; r < ROWS; ++r) {
      const int unit = min(first + r, units - 1);
      sums[r] = fma(*(global const float4 *)(weights + (size_t)unit * pitch + k), v, sums[r]);
    }
  }
#pragma unroll
  for (int r = 0; r < ROWS; ++r) {
    parts[r][item] = (sums[r].x + sums[r].y) + (sums[r].z + sums[r].w);
  }
  for (int half_way = GROUP / 2; half_way > 0; half_way /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < half_way) {
#pragma unroll
      for (int r = 0; r < ROWS; ++r) {
        parts[r][item] += parts[r][item + half_way];
      }
    }
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  if (item < ROWS && first + item < units) {
    *ELEMENT_OF(y, n, first + item, 0, 0) =
        activate(parts[item][0] + bias[first + item], activation, slope);
  }
}
