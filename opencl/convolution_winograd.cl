// Winograd's convolution for CPUs: fewer products, between two transforms of small tiles.
//
// A tile of OUT × OUT outputs depends on ALPHA × ALPHA inputs, ALPHA = OUT + r - 1 for an r × r window.
// With d such a tile of one channel and g a filter of it,
//
//   y = f( bias + A' [ sum over channels of (G g G') * (B' d B) ] A [+ summand] )      *: element by element
//
// takes ALPHA^2 products for OUT^2 outputs instead of r^2 for each: with ALPHA = 6, four times fewer for
// 3×3, 3.4 for 4×4 and 2.8 for 5×5; with ALPHA = 4, 2.25 for 3×3. B and the rows of A hold the powers of
// the points 0, 1, -1, 2, -2 and infinity (0, 1, -1 and infinity for ALPHA = 4), so that B is the same
// for all windows.
// G g G' is made on the host when weights are loaded. They stay floats: as halves they cost up to 0.8 % of
// the largest result. Stride and dilation are 1; a convolution with a
// stride comes here as one without over more channels, see space_to_depth.cl.
//
// Tensors   (a chunk of tiles is `width` of them, a multiple of TILE, in a row through the images; the last
//           one repeats the last tile; POINTS = ALPHA^2)
//   v         [chunks of this pass, POINTS, groups, width/TILE, in_blocks, TILE, VECTOR]: B' d B, made by
//             winograd_input.cl. What a register tile reads stands in one piece; the points of a
//             chunk lie `pitch` floats apart
//   weights   [groups, work-items of a group, POINTS, parts of an item, IC, FILTERS]: G g G', FILTERS =
//             BLOCKS*VECTOR neighbouring filters stand side by side, zeros beyond the last of a group
//   bias      [groups*parts, FILTERS], likewise
//   y         [batch, groups*OC, out_height, out_width] in blocks of VECTOR channels
//   summand   only with ADDS: like y, not the same memory
//
// Work-items   (chunk, group*items + item, 1), each of width tiles × span*FILTERS filters. Its sums of
//              products stay in private memory, that is in the second-level cache, and never pass
//              through memory; every TILE × BLOCKS of them are accumulated in registers.
//
// The tiles of a batch may be worked on in several passes, so that v stays in a cache: `first` is the
// first chunk of this one.
//
// Macros    all required but ADDS
//   VECTOR          channels in a block: 4, 8 or 16
//   ALPHA, OUT      side of a tile of inputs, 4 or 6, and of outputs
//   TILE, BLOCKS    the register tile
//   SUMS            how many tiles × blocks of filters a work-item can hold sums of
//   ADDS            whether a summand of y's shape is added before f, 0 or 1; default 0
//
// Source: Lavin and Gray (2016), "Fast algorithms for convolutional neural networks", section 4.

#include "common/tensor.clh"
#include "common/activation.clh"
#include "common/weights.clh"
#include "common/winograd.clh"

#if !defined(ALPHA) || !defined(OUT) || !defined(TILE) || !defined(BLOCKS) || !defined(SUMS)
#error "convolution_winograd.cl: a required macro is missing; see the list at the top of the file"
#endif

#define POINTS (ALPHA * ALPHA)
#define FILTERS (BLOCKS * VECTOR)

// Adds the products of TILE tiles with FILTERS filters in one channel.
static inline void add_products(global const float *values, global const stored *weights,
                                real (*sums)[TILE]) {
  real w[BLOCKS];
#pragma unroll
  for (int j = 0; j < BLOCKS; ++j) {
    w[j] = load_weights(weights + j * VECTOR);
  }
#pragma unroll
  for (int i = 0; i < TILE; ++i) {
    const real value = (real)(values[i * VECTOR]);
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      sums[j][i] = fma(value, w[j], sums[j][i]);
    }
  }
}

// Products of width tiles with FILTERS filters at one point: m[t*pitch + ..] = sum of v*weights.
static inline void multiply(global const float *v, global const stored *weights, const int depth,
                            const int in_blocks, const int count, const int pitch, real *m) {
  // While it works on these weights, it fetches the next ones.
  const int fetched = FILTERS / ((count + TILE - 1) / TILE);
  global const stored *next = weights + depth * FILTERS;
  for (int t = 0; t < count; t += TILE) {
    real sums[BLOCKS][TILE];
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
#pragma unroll
      for (int i = 0; i < TILE; ++i) {
        sums[j][i] = 0.0f;
      }
    }
    global const stored *weight = weights;
    global const float *values = v + (size_t)t * in_blocks * VECTOR;
    for (int left = depth; left > 0; left -= VECTOR, values += TILE * VECTOR) {
      if (left >= VECTOR) {
#pragma unroll
        for (int c = 0; c < VECTOR; ++c, weight += FILTERS, next += fetched) {
          FETCH_LINE(next);
          add_products(values + c, weight, sums);
        }
      } else {
        for (int c = 0; c < left; ++c, weight += FILTERS) {
          add_products(values + c, weight, sums);
        }
      }
    }
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
#pragma unroll
      for (int i = 0; i < TILE; ++i) {
        m[((t + i) * pitch + j) * POINTS] = sums[j][i];
      }
    }
  }
}

// Adds what stands at `more` to the outputs of a tile, clipped to height × width.
static inline void add_summand(real *out, global const float *more, const int row, const int height,
                               const int width) {
  if (height >= OUT && width >= OUT) {
#pragma unroll
    for (int i = 0; i < OUT * OUT; ++i) {
      out[i] += load(more + i / OUT * row + i % OUT * VECTOR);
    }
    return;
  }
  for (int i = 0; i < min(OUT, height); ++i) {
    for (int j = 0; j < min(OUT, width); ++j) {
      out[i * OUT + j] += load(more + i * row + j * VECTOR);
    }
  }
}

// Makes the outputs of one tile and one block of filters, clipped to height × width. What stands at
// `more` is added only with ADDS.
static inline void finish(const real *m, const real bias, global float *y, const int y_row,
                          global const float *more, const int more_row, const int height, const int width, const int activation,
                          const float slope) {
  fetch_rows(y + OUT * VECTOR, OUT, y_row, OUT * VECTOR);  // where the next tile will be written
  real half_way[OUT][ALPHA];
#pragma unroll
  for (int j = 0; j < ALPHA; ++j) {
    real column[ALPHA], out[OUT];
#pragma unroll
    for (int i = 0; i < ALPHA; ++i) {
      column[i] = m[i * ALPHA + j];
    }
    transform_output(column, out);
#pragma unroll
    for (int i = 0; i < OUT; ++i) {
      half_way[i][j] = out[i];
    }
  }
  real out[OUT * OUT];
#pragma unroll
  for (int i = 0; i < OUT; ++i) {
    transform_output(half_way[i], out + i * OUT);
#pragma unroll
    for (int j = 0; j < OUT; ++j) {
      out[i * OUT + j] += bias;
    }
  }
#if ADDS
  add_summand(out, more, more_row, height, width);
#endif
  activate_all(out, OUT * OUT, activation, slope);
  if (height >= OUT && width >= OUT) {
#pragma unroll
    for (int i = 0; i < OUT; ++i) {
#pragma unroll
      for (int j = 0; j < OUT; ++j) {
        store(out[i * OUT + j], y + i * y_row + j * VECTOR);
      }
    }
    return;
  }
  for (int i = 0; i < min(OUT, height); ++i) {
    for (int j = 0; j < min(OUT, width); ++j) {
      store(out[i * OUT + j], y + i * y_row + j * VECTOR);
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void winograd_products(
    global const float *restrict v, const ulong v_offset, global const stored *restrict weights,
    global const float *restrict bias, TENSOR(y), SUMMAND const int batch, const int groups,
    const int depth, const int in_blocks, const int out_blocks, const int parts, const int span,
    const int width, const int v_pitch, const int tiles_h, const int tiles_w, const int out_height, const int out_width, const int first,
    const int activation, const float slope) {
  const int start = (first + (int)get_global_id(0)) * width;
  const int tiles = batch * tiles_h * tiles_w;
  if (start >= tiles) {
    return;
  }
  const int steps = (parts + span - 1) / span;
  const int group = get_global_id(1) / steps;
  const int part = get_global_id(1) % steps * span;
  const int there = min(span, parts - part);
  const int count = min(width, tiles - start);

  real m[SUMS * POINTS];
  global const float *values = v + v_offset + get_global_id(0) * POINTS * v_pitch +
                               (size_t)group * in_blocks * width * VECTOR;
  const size_t filters = (size_t)depth * FILTERS;
  global const stored *weight = weights + (size_t)(group * parts + part) * POINTS * filters;
  for (int point = 0; point < POINTS; ++point) {
    for (int p = 0; p < there; ++p) {
      multiply(values + (size_t)point * v_pitch, weight + (point * there + p) * filters, depth,
               in_blocks, count, span * BLOCKS, m + p * BLOCKS * POINTS + point);
    }
  }

  const int blocks = min(there * BLOCKS, out_blocks - part * BLOCKS);
  for (int t = 0; t < count; ++t) {
    const int column = (start + t) % tiles_w * OUT;
    const int row = (start + t) / tiles_w % tiles_h * OUT;
    const int n = (start + t) / tiles_w / tiles_h;
    for (int j = 0; j < blocks; ++j) {
      const int block = group * out_blocks + part * BLOCKS + j;
      global float *out = BLOCK_OF(y, n, block);
#if ADDS
      const int more_row = summand_row;
      global const float *more = PIXEL_OF(summand, BLOCK_OF(summand, n, block), row, column);
#else
      const int more_row = 0;
      global const float *more = 0;
#endif
      finish(m + (t * span * BLOCKS + j) * POINTS,
             load(bias + (group * parts + part) * FILTERS + j * VECTOR),
             PIXEL_OF(y, out, row, column), y_row, more, more_row, out_height - row, out_width - column, activation,
             slope);
    }
  }
}
