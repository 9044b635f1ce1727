// Fully connected layers in training, for CPUs: forward and back with weights as files store them, so
// that nothing is packed after each step.
//
//   forward   y[n,u]  = f( bias[u] + sum over k of weights[u,k] * x[n,k] )     f: an activation
//   input     dx[n,k] = sum over u of dy[n,u] * weights[u,k]
//   weights   dw[u,k] = accumulate*dw[u,k] + sum over n of dy[n,u] * x[n,k]
//
// Rows of weights and images lie a power of two apart as often as not, so that what is read of several
// would fall into the same few lines of a cache. Each kernel therefore copies a panel into private
// memory, side by side, and passes everything over it that needs it: PIECE*WIDE or so floats that stay
// in the first cache. While it does, the next panel is fetched into the second one.
//
// Tensors
//   x, dx     [batch, depth]: x_image apart, each a run of depth floats
//   dy        [batch, units] likewise
//   y         [batch, units, 1, 1] in blocks of VECTOR channels
//   weights, dw   [units, depth]
//   bias      [units]
//
// Work-items
//   forward   (part of the units, 1, 1): TILE images times WIDE units; a panel is turned, [PIECE, WIDE]
//   input     (part of the depth, 1, 1): TILE images times WIDE of the depth; a panel is
//             [SLICES, UNITS, WIDE], one slice of it at a time in the first cache
//   weights   (part of the depth, part of the units, 1): TILE units times WIDE of the depth; panels
//             are [SLICES_OF_X, IMAGES, WIDE] of x and [IMAGES, GRADIENTS] of dy
//   What lies beyond the units, the depth or the batch is zeros or repeated in panels, and never written.
//   Parts of the units are multiples of WIDE; parts of the depth are SLICES*WIDE, of the weights
//   SLICES_OF_X*WIDE.
//
// Macros    VECTOR   required: floats in a vector: 4, 8 or 16

// Longer than 300 lines because three kernels share what moves panels.

#include "common/tensor.clh"
#include "common/activation.clh"
#include "common/weights.clh"

#if VECTOR == 16
#define TILE 12
#else
#define TILE 6
#endif
#define COLUMNS 2
#define WIDE (COLUMNS * VECTOR)
#define PIECE 256
#define UNITS 256
#define IMAGES 64
#define SLICES 4
#define SLICES_OF_X 8
#define GRADIENTS (8 * TILE)

// Asks for lines `begin` to `end` of some rows of `lines` lines each, `pitch` floats apart.
static inline void fetch(global const float *rows, const size_t pitch, const int lines,
                         const int begin, const int end) {
  for (int i = begin; i < end; ++i) {
    FETCH_LINE(rows + i / lines * pitch + i % lines * LINE);
  }
}

// Copies `count` columns of four rows into four neighbouring columns of a panel.
static inline void turn(global const float *const *rows, const int count, float *panel) {
  int k = 0;
  for (; k + 4 <= count; k += 4, panel += 4 * WIDE) {
    const float4 a = vload4(0, rows[0] + k);
    const float4 b = vload4(0, rows[1] + k);
    const float4 c = vload4(0, rows[2] + k);
    const float4 d = vload4(0, rows[3] + k);
    vstore4((float4)(a.x, b.x, c.x, d.x), 0, panel);
    vstore4((float4)(a.y, b.y, c.y, d.y), 0, panel + WIDE);
    vstore4((float4)(a.z, b.z, c.z, d.z), 0, panel + 2 * WIDE);
    vstore4((float4)(a.w, b.w, c.w, d.w), 0, panel + 3 * WIDE);
  }
  for (; k < count; ++k, panel += WIDE) {
    for (int i = 0; i < 4; ++i) {
      panel[i] = rows[i][k];
    }
  }
}

// Copies `count` floats, at most WIDE; puts zeros beyond.
static inline void copy(global const float *from, const int count, float *to) {
  if (count >= WIDE) {
#pragma unroll
    for (int j = 0; j < COLUMNS; ++j) {
      spill(load(from + j * VECTOR), to + j * VECTOR);
    }
    return;
  }
  for (int k = 0; k < WIDE; ++k) {
    to[k] = k < count ? from[k] : 0.0f;
  }
}

// Writes the first `count` of WIDE floats.
static inline void put(const real *values, const int count, global float *to) {
  if (count >= WIDE) {
#pragma unroll
    for (int j = 0; j < COLUMNS; ++j) {
      store(values[j], to + j * VECTOR);
    }
    return;
  }
  float lanes[WIDE];
#pragma unroll
  for (int j = 0; j < COLUMNS; ++j) {
    spill(values[j], lanes + j * VECTOR);
  }
  for (int k = 0; k < count; ++k) {
    to[k] = lanes[k];
  }
}

// Reads the first `count` of WIDE floats.
static inline void get(global const float *from, const int count, real *values) {
  float lanes[WIDE];
  copy(from, count, lanes);
#pragma unroll
  for (int j = 0; j < COLUMNS; ++j) {
    values[j] = fill(lanes + j * VECTOR);
  }
}

// sum[i][j] += the products of `count` rows of a panel and a value of row i for each.
static inline void multiply(const float *panel, global const float *const *rows, const int count,
                            real (*sum)[COLUMNS]) {
  for (int k = 0; k < count; ++k, panel += WIDE) {
    real w[COLUMNS];
#pragma unroll
    for (int j = 0; j < COLUMNS; ++j) {
      w[j] = fill(panel + j * VECTOR);
    }
#pragma unroll
    for (int i = 0; i < TILE; ++i) {
      const real value = (real)(rows[i][k]);
#pragma unroll
      for (int j = 0; j < COLUMNS; ++j) {
        sum[i][j] = fma(value, w[j], sum[i][j]);
      }
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_forward_natural(
    CONST_TENSOR(x), global const float *restrict weights, const ulong weights_offset,
    global const float *restrict bias, const ulong bias_offset, TENSOR(y), const int with_bias,
    const int batch, const int units, const int depth, const int part, const int activation,
    const float slope) {
  const int first = get_global_id(0) * part;
  const int end = min(first + part, units);
  const int tiles = (batch + TILE - 1) / TILE;
  global const float *w = weights + weights_offset;
  float panel[PIECE * WIDE];
  for (int start = 0; start < depth; start += PIECE) {
    const int count = min(PIECE, depth - start);
    for (int u = first; u < end; u += WIDE) {
      for (int j = 0; j < WIDE; j += 4) {
        global const float *rows[4];
        for (int i = 0; i < 4; ++i) {
          rows[i] = w + (size_t)min(u + j + i, units - 1) * depth + start;
        }
        turn(rows, count, panel + j);
      }
      const bool last = u + WIDE >= end;
      const int next = last ? first : u + WIDE;
      const bool ahead = next + WIDE <= units && start + 2 * PIECE <= depth;
      global const float *more = w + (size_t)next * depth + start + (last ? PIECE : 0);
      const int lines = ahead ? WIDE * (PIECE / LINE) : 0;
      for (int t = 0; t < tiles; ++t) {
        const int n = t * TILE;
        fetch(more, depth, PIECE / LINE, lines * t / tiles, lines * (t + 1) / tiles);
        global const float *images[TILE];
        real sum[TILE][COLUMNS];
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          const int image = min(n + i, batch - 1);
          images[i] = BLOCK_OF(x, image, 0) + start;
#pragma unroll
          for (int j = 0; j < COLUMNS; ++j) {
            sum[i][j] = 0.0f;
          }
        }
        multiply(panel, images, count, sum);
        for (int i = 0; i < min(TILE, batch - n); ++i) {
#pragma unroll
          for (int j = 0; j < COLUMNS; ++j) {
            if (u + j * VECTOR < units) {
              global float *out = BLOCK_OF(y, n + i, u / VECTOR + j);
              store(start > 0 ? load(out) + sum[i][j] : sum[i][j], out);
            }
          }
        }
      }
    }
  }
  for (int u = first; u < end; u += VECTOR) {
    float lanes[VECTOR];
    for (int lane = 0; lane < VECTOR; ++lane) {
      lanes[lane] = with_bias && u + lane < units ? bias[bias_offset + u + lane] : 0.0f;
    }
    const real summand = fill(lanes);
    for (int n = 0; n < batch; ++n) {
      global float *out = BLOCK_OF(y, n, u / VECTOR);
      const real v = activate(load(out) + summand, activation, slope);
      store(LANES < (float)(units - u) ? v : (real)(0.0f), out);
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_backward_input(
    CONST_TENSOR(dy), global const float *restrict weights, const ulong weights_offset, TENSOR(dx),
    const int batch, const int units, const int depth) {
  const int first = get_global_id(0) * SLICES * WIDE;
  const int across = min(SLICES * WIDE, depth - first);
  const int slices = (across + WIDE - 1) / WIDE;
  const int tiles = (batch + TILE - 1) / TILE;
  global const float *w = weights + weights_offset + first;
  float panel[SLICES * UNITS * WIDE];
  for (int start = 0; start < units; start += UNITS) {
    const int count = min(UNITS, units - start);
    for (int u = 0; u < count; ++u) {
      for (int s = 0; s < slices; ++s) {
        copy(w + (size_t)(start + u) * depth + s * WIDE, across - s * WIDE,
             panel + (s * UNITS + u) * WIDE);
      }
    }
    const int lines_each = SLICES * WIDE / LINE;
    const int lines = min(UNITS, units - start - UNITS) * lines_each;
    global const float *more = w + (size_t)(start + UNITS) * depth;
    for (int s = 0; s < slices; ++s) {
      const int k = first + s * WIDE;
      for (int t = 0; t < tiles; ++t) {
        const int n = t * TILE;
        const int visit = s * tiles + t;
        fetch(more, depth, lines_each, lines * visit / (slices * tiles),
              lines * (visit + 1) / (slices * tiles));
        global const float *gradients[TILE];
        real sum[TILE][COLUMNS];
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          const int image = min(n + i, batch - 1);
          gradients[i] = BLOCK_OF(dy, image, 0) + start;
#pragma unroll
          for (int j = 0; j < COLUMNS; ++j) {
            sum[i][j] = 0.0f;
          }
        }
        multiply(panel + s * UNITS * WIDE, gradients, count, sum);
#pragma unroll
        for (int i = 0; i < TILE; ++i) {
          if (n + i < batch) {
            global float *out = BLOCK_OF(dx, n + i, 0) + k;
            if (start > 0) {
              real before[COLUMNS];
              get(out, depth - k, before);
#pragma unroll
              for (int j = 0; j < COLUMNS; ++j) {
                sum[i][j] += before[j];
              }
            }
            put(sum[i], depth - k, out);
          }
        }
      }
    }
  }
}

// Adds the products of `count` images to TILE × WIDE gradients: sum[i][j] += dy * x.
static inline void outer(const float *gradients, const float *panel, const int count,
                         real (*sum)[COLUMNS]) {
  for (int n = 0; n < count; ++n, panel += WIDE, gradients += GRADIENTS) {
    real v[COLUMNS];
#pragma unroll
    for (int j = 0; j < COLUMNS; ++j) {
      v[j] = fill(panel + j * VECTOR);
    }
#pragma unroll
    for (int i = 0; i < TILE; ++i) {
      const real g = (real)(gradients[i]);
#pragma unroll
      for (int j = 0; j < COLUMNS; ++j) {
        sum[i][j] = fma(g, v[j], sum[i][j]);
      }
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void fully_connected_backward_weights(
    CONST_TENSOR(x), CONST_TENSOR(dy), global float *restrict dw, const ulong dw_offset,
    const int batch, const int units, const int depth, const int units_each,
    const int accumulate) {
  const int first = get_global_id(0) * SLICES_OF_X * WIDE;
  const int across = min(SLICES_OF_X * WIDE, depth - first);
  const int slices = (across + WIDE - 1) / WIDE;
  const int first_unit = get_global_id(1) * units_each;
  const int end = min(first_unit + units_each, units);
  float panel[SLICES_OF_X * IMAGES * WIDE];
  float gradients[IMAGES * GRADIENTS];
  for (int start = 0; start < batch; start += IMAGES) {
    const int count = min(IMAGES, batch - start);
    for (int n = 0; n < count; ++n) {
      for (int s = 0; s < slices; ++s) {
        copy(BLOCK_OF(x, start + n, 0) + first + s * WIDE, across - s * WIDE,
             panel + (s * IMAGES + n) * WIDE);
      }
    }
    for (int block = first_unit; block < end; block += GRADIENTS) {
      for (int n = 0; n < count; ++n) {
        for (int i = 0; i < GRADIENTS; ++i) {
          gradients[n * GRADIENTS + i] =
              block + i < end ? BLOCK_OF(dy, start + n, 0)[block + i] : 0.0f;
        }
      }
      for (int u = block; u < min(block + GRADIENTS, end); u += TILE) {
        for (int s = 0; s < slices; ++s) {
          const int k = first + s * WIDE;
          real sum[TILE][COLUMNS];
#pragma unroll
          for (int i = 0; i < TILE; ++i) {
#pragma unroll
            for (int j = 0; j < COLUMNS; ++j) {
              sum[i][j] = 0.0f;
            }
          }
          outer(gradients + u - block, panel + s * IMAGES * WIDE, count, sum);
#pragma unroll
          for (int i = 0; i < TILE; ++i) {
            if (u + i < end) {
              global float *out = dw + dw_offset + (size_t)(u + i) * depth + k;
              if (start > 0 || accumulate) {
                real before[COLUMNS];
                get(out, depth - k, before);
#pragma unroll
                for (int j = 0; j < COLUMNS; ++j) {
                  sum[i][j] += before[j];
                }
              }
              put(sum[i], depth - k, out);
            }
          }
        }
      }
    }
  }
}
