// The weights' gradient of a convolution by Winograd's algorithm, for CPUs: sums of products between
// transforms, over all tiles of all images; the sums are transformed back once.
//
// The gradient is a convolution too: of x, with dy as its window and the taps of the window as its
// outputs. A tile of dy is TAPS × TAPS, the tile d of x that it meets ALPHA × ALPHA with ALPHA = TAPS +
// OUT - 1, as in convolution_winograd.cl, and
//
//   dw[oc,ic] = A' [ sum over tiles of (G dy[oc] G') * (B' d[ic] B) ] A       *: element by element
//
// with G of ALPHA × TAPS and A of ALPHA × OUT for the points 0, 1, -1, 2, -2 and infinity. That takes
// ALPHA^2 products for TAPS^2 * OUT^2 of the sum as it stands: with ALPHA = 6, four times fewer for a
// window of 3×3, 3.6 for 4×4 and 2.8 for 5×5. A stride has become channels, see space_to_depth.cl.
//
// For each of the POINTS = ALPHA^2 the sum over tiles is a product of matrices. Of x and dy, the wide one
// is read as vectors, the narrow one as scalars: who is which is up to the host.
//
// Tensors   (chunks of tiles are `width` of them in a row through the images, the last one of a batch
//           what is left)
//   dy        [batch, groups*OC, out_height, out_width] in blocks of VECTOR channels
//   u         [chunks of this pass, POINTS, blocks, width, VECTOR]: G dy G'. The points of a chunk lie
//             `u_pitch` floats apart
//   v         likewise for x: B' d B, made by winograd_input.cl
//   sums      [groups, POINTS, columns, narrow blocks of a group, VECTOR, FILTERS]: a column is
//             FILTERS = BLOCKS*VECTOR neighbouring channels of the wide side
//   dw        [groups*OC, IC, side, side]
//
// Work-items   winograd_gradient:          (block of channels, chunk, 1)
//              winograd_gradient_products: (point, part of the columns, group): SCALARS channels of the
//                                          narrow side times a column, accumulated in registers while
//                                          a chunk passes; begins the sums or goes on with them
//              winograd_gradient_sum:      (wide block, narrow block, group)
//
// Macros    all required
//   VECTOR            channels in a block: 4, 8 or 16
//   TAPS, OUT         side of a tile of dy and of the window: 4 and 3, 3 and 4, or 2 and 5
//   SCALARS, BLOCKS   the register tile; SCALARS*BLOCKS + BLOCKS + 1 registers should exist
//
// Source: Lavin and Gray (2016), "Fast algorithms for convolutional neural networks", section 4.

#define ALPHA 6

#include "common/fetch.clh"
#include "common/tensor.clh"
#include "common/winograd.clh"

#if !defined(TAPS) || !defined(OUT) || !defined(SCALARS) || !defined(BLOCKS)
#error "convolution_winograd_gradient.cl: a required macro is missing; see the top of the file"
#endif
#if TAPS + OUT != 7
#error "convolution_winograd_gradient.cl: TAPS and OUT must be those of a tile of 6 × 6"
#endif

#define POINTS (ALPHA * ALPHA)
#define FILTERS (BLOCKS * VECTOR)

// out = G d, for one column d of a tile of dy.
static inline void transform_gradient(const real *d, real *out) {
#if TAPS == 4
  const real even = d[0] + d[2], odd = d[1] + d[3];
  const real even2 = fma((real)(4.0f), d[2], d[0]);
  const real odd2 = 2.0f * fma((real)(4.0f), d[3], d[1]);
#elif TAPS == 3
  const real even = d[0] + d[2], odd = d[1];
  const real even2 = fma((real)(4.0f), d[2], d[0]), odd2 = 2.0f * d[1];
#else
  const real even = d[0], odd = d[1], even2 = d[0], odd2 = 2.0f * d[1];
#endif
  out[0] = 0.25f * d[0];
  out[1] = (-1.0f / 6) * (even + odd);
  out[2] = (-1.0f / 6) * (even - odd);
  out[3] = (1.0f / 24) * (even2 + odd2);
  out[4] = (1.0f / 24) * (even2 - odd2);
  out[5] = d[TAPS - 1];
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void winograd_gradient(
    CONST_TENSOR(dy), global float *restrict u, const ulong u_offset, const int batch,
    const int width, const int u_pitch, const int tiles_h, const int tiles_w, const int out_height,
    const int out_width, const int first) {
  const int b = get_global_id(0);
  const int start = (first + (int)get_global_id(1)) * width;
  const int count = min(width, batch * tiles_h * tiles_w - start);
  global float *out = u + u_offset + get_global_id(1) * POINTS * u_pitch + (size_t)b * width * VECTOR;
  for (int t = 0; t < count; ++t, out += VECTOR) {
    const int column = (start + t) % tiles_w * TAPS;
    const int row = (start + t) / tiles_w % tiles_h * TAPS;
    const int n = (start + t) / tiles_w / tiles_h;
    global const float *corner = PIXEL_OF(dy, BLOCK_OF(dy, n, b), row, column);
    fetch_rows(corner + 2 * TAPS * VECTOR, TAPS, dy_row, TAPS * VECTOR);  // the tile after the next one
    const int height = out_height - row;
    const int across = out_width - column;
    real half_way[ALPHA][TAPS];
#pragma unroll
    for (int j = 0; j < TAPS; ++j) {
      real d[TAPS], e[ALPHA];
#pragma unroll
      for (int i = 0; i < TAPS; ++i) {
        d[i] = 0.0f;
        if (i < height && j < across) {
          d[i] = load(corner + i * dy_row + j * VECTOR);
        }
      }
      transform_gradient(d, e);
#pragma unroll
      for (int i = 0; i < ALPHA; ++i) {
        half_way[i][j] = e[i];
      }
    }
#pragma unroll
    for (int i = 0; i < ALPHA; ++i) {
      real e[ALPHA];
      transform_gradient(half_way[i], e);
#pragma unroll
      for (int j = 0; j < ALPHA; ++j) {
        store(e[j], out + (size_t)(i * ALPHA + j) * u_pitch);
      }
    }
  }
}

// Adds the products of some tiles to SCALARS × FILTERS sums, or begins them.
static inline void multiply(global const float *const *wide, global const float *narrow,
                            const int count, const int begin, global float *sums) {
  real sum[SCALARS][BLOCKS];
#pragma unroll
  for (int q = 0; q < SCALARS; ++q) {
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      sum[q][j] = begin ? (real)(0.0f) : load(sums + q * FILTERS + j * VECTOR);
    }
  }
  for (int t = 0; t < count; ++t) {
    real w[BLOCKS];
#pragma unroll
    for (int j = 0; j < BLOCKS; ++j) {
      w[j] = load(wide[j] + t * VECTOR);
    }
#pragma unroll
    for (int q = 0; q < SCALARS; ++q) {
      const real value = (real)(narrow[t * VECTOR + q]);
#pragma unroll
      for (int j = 0; j < BLOCKS; ++j) {
        sum[q][j] = fma(value, w[j], sum[q][j]);
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

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void winograd_gradient_products(
    global const float *restrict wide, const ulong wide_offset, global const float *restrict narrow,
    const ulong narrow_offset, global float *restrict sums, const ulong sums_offset,
    const int batch, const int tiles, const int width, const int wide_blocks, const int wide_pitch,
    const int narrow_blocks, const int narrow_pitch, const int columns, const int columns_each, const int first,
    const int chunks) {
  const int point = get_global_id(0);
  const int group = get_global_id(2);
  const int begin_column = get_global_id(1) * columns_each;
  const int end_column = min(begin_column + columns_each, columns);
  global float *mine = sums + sums_offset +
                       (size_t)(group * POINTS + point) * columns * narrow_blocks * VECTOR * FILTERS;
  for (int chunk = 0; chunk < chunks; ++chunk) {
    const int count = min(width, batch * tiles - (first + chunk) * width);
    if (count <= 0) {
      return;
    }
    global const float *v = wide + wide_offset + (size_t)(chunk * POINTS + point) * wide_pitch +
                            (size_t)group * wide_blocks * width * VECTOR;
    global const float *u = narrow + narrow_offset + (size_t)(chunk * POINTS + point) * narrow_pitch +
                            (size_t)group * narrow_blocks * width * VECTOR;
    for (int column = begin_column; column < end_column; ++column) {
      global const float *vectors[BLOCKS];
#pragma unroll
      for (int j = 0; j < BLOCKS; ++j) {
        // What lies beyond the last block is computed from it, and never looked at.
        vectors[j] = v + (size_t)min(column * BLOCKS + j, wide_blocks - 1) * width * VECTOR;
      }
      global float *out = mine + (size_t)column * narrow_blocks * VECTOR * FILTERS;
      for (int b = 0; b < narrow_blocks; ++b) {
        for (int q = 0; q < VECTOR; q += SCALARS, out += SCALARS * FILTERS) {
          multiply(vectors, u + (size_t)b * width * VECTOR + q, count, first + chunk == 0, out);
        }
      }
    }
  }
}

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void winograd_gradient_sum(
    global const float *restrict sums, const ulong sums_offset, global float *restrict dw,
    const ulong dw_offset, const int columns, const int narrow_blocks, const int group_in,
    const int group_out, const int apart, const int side, const int wide_is_x,
    const int accumulate) {
  const int block = get_global_id(0);
  const int group = get_global_id(2);
  const size_t pitch = (size_t)columns * narrow_blocks * VECTOR * FILTERS;
  const int channels = group_in * apart * apart;
  const int wide_channels = wide_is_x ? channels : group_out;
  const int narrow_channels = wide_is_x ? group_out : channels;
  const int narrow = get_global_id(1) * VECTOR;
  global const float *from =
      sums + sums_offset + group * POINTS * pitch +
      ((size_t)block / BLOCKS * narrow_blocks + get_global_id(1)) * VECTOR * FILTERS +
      block % BLOCKS * VECTOR;
  for (int q = 0; q < min(VECTOR, narrow_channels - narrow); ++q, from += FILTERS) {
    real half_way[OUT][ALPHA];
#pragma unroll
    for (int j = 0; j < ALPHA; ++j) {
      real m[ALPHA], out[OUT];
#pragma unroll
      for (int i = 0; i < ALPHA; ++i) {
        m[i] = load(from + (i * ALPHA + j) * pitch);
      }
      transform_output(m, out);
#pragma unroll
      for (int i = 0; i < OUT; ++i) {
        half_way[i][j] = out[i];
      }
    }
    float lanes[OUT * OUT][VECTOR];
#pragma unroll
    for (int i = 0; i < OUT; ++i) {
      real out[OUT];
      transform_output(half_way[i], out);
#pragma unroll
      for (int j = 0; j < OUT; ++j) {
        spill(out[j], lanes[i * OUT + j]);
      }
    }
    for (int lane = 0; lane < min(VECTOR, wide_channels - block * VECTOR); ++lane) {
      const int wide = block * VECTOR + lane;
      const int c = wide_is_x ? wide : narrow + q;
      const int oc = group * group_out + (wide_is_x ? narrow + q : wide);
      global float *to =
          dw + dw_offset + ((size_t)oc * group_in + c / (apart * apart)) * side * side;
      for (int i = 0; i < OUT; ++i) {
        const int kh = i * apart + c / apart % apart;
        for (int j = 0; j < OUT; ++j) {
          const int kw = j * apart + c % apart;
          if (kh < side && kw < side) {
            global float *w = to + kh * side + kw;
            *w = accumulate ? *w + lanes[i * OUT + j][lane] : lanes[i * OUT + j][lane];
          }
        }
      }
    }
  }
}
