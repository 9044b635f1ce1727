// Fully connected layers in training, for CPUs: forward and back with weights as files store them, so
// that nothing is packed after each step.
//
//   forward   y[n,u]  = f( bias[u] + sum over k of weights[u,k] * x[n,k] )     f: an activation
//   input     dx[n,k] = sum over u of dy[n,u] * weights[u,k]
//   weights   dw[u,k] = accumulate*dw[u,k] + sum over n of dy[n,u] * x[n,k]
//
// Tensors
//   x, dx     [batch, depth]: x_image apart, each a run of depth floats
//   dy        [batch, units] likewise
//   y         [batch, units, 1, 1] in blocks of VECTOR channels
//   weights, dw   [units, depth]
//   bias      [units]
//
// Work-items
//   forward   (part of the units, 1, 1): for a chunk of the depth after the other, ROWS units times
//             IMAGES images; vectors run along the depth. A chunk of x stays in the second cache
//   input     (part of the depth, 1, 1): for a chunk of the units after the other, TILE images times
//             COLUMNS vectors of the depth
//   weights   (part of the depth, part of the units, 1): TILE units times COLUMNS vectors of the depth
//   Every part is a multiple of what a register tile takes, but the last. What is left of the depth
//   (less than COLUMNS vectors) is done one by one.
//
// Macros    VECTOR   required: floats in a vector: 4, 8 or 16

#include "common/tensor.clh"
#include "common/activation.clh"

#define ROWS 3
#define IMAGES 4
#if VECTOR == 16
#define TILE 12
#else
#define TILE 6
#endif
#define COLUMNS 2
#define WIDE (COLUMNS * VECTOR)

static inline float lane_sum(const real v) {
  float lanes[VECTOR];
  spill(v, lanes);
  float sum = lanes[0];
  for (int lane = 1; lane < VECTOR; ++lane) {
    sum += lanes[lane];
  }
  return sum;
}

// sums[j][i] = the product of row j of weights and image i over a run of the depth.
static inline void dot(global const float *const *rows, global const float *const *images,
                       const int count, float *sums) {
  real sum[ROWS][IMAGES];
#pragma unroll
  for (int j = 0; j < ROWS; ++j) {
#pragma unroll
    for (int i = 0; i < IMAGES; ++i) {
      sum[j][i] = 0.0f;
    }
  }
  int k = 0;
  for (; k + VECTOR <= count; k += VECTOR) {
    real w[ROWS];
#pragma unroll
    for (int j = 0; j < ROWS; ++j) {
      w[j] = load(rows[j] + k);
    }
#pragma unroll
    for (int i = 0; i < IMAGES; ++i) {
      const real value = load(images[i] + k);
#pragma unroll
      for (int j = 0; j < ROWS; ++j) {
        sum[j][i] = fma(w[j], value, sum[j][i]);
      }
    }
  }
#pragma unroll
  for (int j = 0; j < ROWS; ++j) {
#pragma unroll
    for (int i = 0; i < IMAGES; ++i) {
      float rest = 0.0f;
      for (int left = k; left < count; ++left) {
        rest = fma(rows[j][left], images[i][left], rest);
      }
      sums[j * IMAGES + i] = lane_sum(sum[j][i]) + rest;
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_forward_natural(
    CONST_TENSOR(x), global const float *restrict weights, const ulong weights_offset,
    global const float *restrict bias, const ulong bias_offset, TENSOR(y), const int with_bias,
    const int batch, const int units, const int depth, const int part, const int chunk,
    const int activation, const float slope) {
  const int first = get_global_id(0) * part;
  const int end = min(first + part, units);
  for (int start = 0; start < depth; start += chunk) {
    const int count = min(chunk, depth - start);
    for (int u = first; u < end; u += ROWS) {
      global const float *rows[ROWS];
#pragma unroll
      for (int j = 0; j < ROWS; ++j) {
        rows[j] = weights + weights_offset + (size_t)min(u + j, units - 1) * depth + start;
      }
      for (int n = 0; n < batch; n += IMAGES) {
        global const float *images[IMAGES];
#pragma unroll
        for (int i = 0; i < IMAGES; ++i) {
          images[i] = BLOCK_OF(x, min(n + i, batch - 1), 0) + start;
        }
        float sums[ROWS * IMAGES];
        dot(rows, images, count, sums);
        for (int i = 0; i < IMAGES && n + i < batch; ++i) {
          for (int j = 0; j < ROWS && u + j < end; ++j) {
            global float *out = ELEMENT_OF(y, n + i, u + j, 0, 0);
            const float before =
                start > 0 ? *out : (with_bias ? bias[bias_offset + u + j] : 0.0f);
            *out = before + sums[j * IMAGES + i];
          }
        }
      }
    }
  }
  // Parts are multiples of a block, so lanes beyond the last unit are in the last part.
  for (int n = 0; n < batch; ++n) {
    for (int u = first; u < end; u += VECTOR) {
      global float *out = BLOCK_OF(y, n, u / VECTOR);
      const real v = activate(load(out), activation, slope);
      store(LANES < (float)(units - u) ? v : (real)(0.0f), out);
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_backward_input(
    CONST_TENSOR(dy), global const float *restrict weights, const ulong weights_offset, TENSOR(dx),
    const int batch, const int units, const int depth, const int part, const int chunk) {
  const int first = get_global_id(0) * part;
  const int end = min(first + part, depth);
  for (int start = 0; start < units; start += chunk) {
    const int stop = min(start + chunk, units);
    int k = first;
    for (; k + WIDE <= end; k += WIDE) {
      for (int n = 0; n < batch; n += TILE) {
        global const float *gradients[TILE];
        real sum[TILE][COLUMNS];
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          const int image = min(n + i, batch - 1);
          gradients[i] = BLOCK_OF(dy, image, 0);
#pragma unroll
          for (int j = 0; j < COLUMNS; ++j) {
            sum[i][j] = start == 0 ? (real)(0.0f) : load(BLOCK_OF(dx, image, 0) + k + j * VECTOR);
          }
        }
        global const float *row = weights + weights_offset + (size_t)start * depth + k;
        for (int u = start; u < stop; ++u, row += depth) {
          real w[COLUMNS];
#pragma unroll
          for (int j = 0; j < COLUMNS; ++j) {
            w[j] = load(row + j * VECTOR);
          }
#pragma unroll
          for (int i = 0; i < TILE; ++i) {
            const real value = (real)(gradients[i][u]);
#pragma unroll
            for (int j = 0; j < COLUMNS; ++j) {
              sum[i][j] = fma(value, w[j], sum[i][j]);
            }
          }
        }
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          if (n + i < batch) {
#pragma unroll
            for (int j = 0; j < COLUMNS; ++j) {
              store(sum[i][j], BLOCK_OF(dx, n + i, 0) + k + j * VECTOR);
            }
          }
        }
      }
    }
    for (; k < end; ++k) {
      for (int n = 0; n < batch; ++n) {
        global float *out = BLOCK_OF(dx, n, 0) + k;
        float sum = start == 0 ? 0.0f : *out;
        for (int u = start; u < stop; ++u) {
          sum = fma(BLOCK_OF(dy, n, 0)[u], weights[weights_offset + (size_t)u * depth + k], sum);
        }
        *out = sum;
      }
    }
  }
}

// Some vectors of the gradients of `rows` units: TILE or, what is left, 1.
#define TILE_OF(rows)                                                                    \
  {                                                                                      \
    real sum[rows][COLUMNS];                                                             \
    _Pragma("unroll") for (int i = 0; i < rows; ++i) {                                   \
      _Pragma("unroll") for (int j = 0; j < COLUMNS; ++j) { sum[i][j] = 0.0f; }          \
    }                                                                                    \
    global const float *values = BLOCK_OF(x, 0, 0) + k;                                  \
    global const float *gradient = BLOCK_OF(dy, 0, 0) + u;                               \
    for (int n = 0; n < batch; ++n, values += x_image, gradient += dy_image) {           \
      real v[COLUMNS];                                                                   \
      _Pragma("unroll") for (int j = 0; j < COLUMNS; ++j) {                              \
        v[j] = load(values + j * VECTOR);                                                \
      }                                                                                  \
      _Pragma("unroll") for (int i = 0; i < rows; ++i) {                                 \
        const real g = (real)(gradient[i]);                                              \
        _Pragma("unroll") for (int j = 0; j < COLUMNS; ++j) {                            \
          sum[i][j] = fma(g, v[j], sum[i][j]);                                           \
        }                                                                                \
      }                                                                                  \
    }                                                                                    \
    _Pragma("unroll") for (int i = 0; i < rows; ++i) {                                   \
      global float *out = dw + dw_offset + (size_t)(u + i) * depth + k;                  \
      _Pragma("unroll") for (int j = 0; j < COLUMNS; ++j) {                              \
        const real v = sum[i][j];                                                        \
        store(accumulate ? load(out + j * VECTOR) + v : v, out + j * VECTOR);            \
      }                                                                                  \
    }                                                                                    \
  }

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_backward_weights(
    CONST_TENSOR(x), CONST_TENSOR(dy), global float *restrict dw, const ulong dw_offset,
    const int batch, const int units, const int depth, const int part, const int units_each,
    const int accumulate) {
  const int first = get_global_id(0) * part;
  const int end = min(first + part, depth);
  const int last_unit = min((int)(get_global_id(1) + 1) * units_each, units);
  int u = get_global_id(1) * units_each;
  while (u < last_unit) {
    const int rows = u + TILE <= last_unit ? TILE : 1;
    int k = first;
    if (rows == TILE) {
      for (; k + WIDE <= end; k += WIDE) TILE_OF(TILE)
    } else {
      for (; k + WIDE <= end; k += WIDE) TILE_OF(1)
    }
    for (; k < end; ++k) {
      for (int i = 0; i < rows; ++i) {
        float sum = 0.0f;
        for (int n = 0; n < batch; ++n) {
          sum = fma(BLOCK_OF(dy, n, 0)[u + i], BLOCK_OF(x, n, 0)[k], sum);
        }
        global float *out = dw + dw_offset + (size_t)(u + i) * depth + k;
        *out = accumulate ? *out + sum : sum;
      }
    }
    u += rows;
  }
}
