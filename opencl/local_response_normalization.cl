// Local response normalisation, across channels or within one, and the first with max pooling.
//
//   y[n,c,h,w] = x[n,c,h,w] / (k + alpha*S[n,c,h,w])^beta
//   across channels   S = sum over i in [c - RADIUS, c + RADIUS] of x[n,i,h,w]^2
//   within channel    S = sum over i in [h - radius, h + radius], j in [w - radius, w + radius]
//                         of x[n,c,i,j]^2
//
//   max pooling       as in pooling.cl, of y, which is not stored
//
// Tensors
//   x, y      [batch, channels, height, width] in blocks of VECTOR channels, float; after max pooling
//             y is [batch, channels, out_height, out_width]
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops. Across
//              channels a CPU's work-item takes BLOCKS blocks, so that squares are made once and what
//              lies beside a pixel is read once: plane = n*ceil(blocks/BLOCKS) + part.
//              With max pooling (1, bands, plane), each band some rows of the output.
//
// Macros    VECTOR           required: channels in a block, 1, 4, 8 or 16
//           RADIUS           required: neighbours on each side across channels, at least 0
//           THREE_QUARTERS   required: 1 if beta is 0.75 and k at least 2^-100, which needs no
//                            logarithm; 0 otherwise
//
// Source: Krizhevsky, Sutskever and Hinton (2012), section 3.3.

#include "common/tensor.clh"
#include "common/bits.clh"
#include "common/fetch.clh"

#ifndef RADIUS
#error "local_response_normalization.cl: RADIUS is missing"
#endif
#ifndef THREE_QUARTERS
#error "local_response_normalization.cl: THREE_QUARTERS is missing"
#endif

#if THREE_QUARTERS
// s^(-3/4) for s of at least 2^-100, to 3e-7. Read as a whole number, a float is a rough logarithm, so
// the second line is a rough s^(-3/4): it makes s^3 * y^4 = 1 - e with |e| < 0.173. What is missing
// is (1 - e)^(-1/4), a polynomial in e with the smallest relative error, 6e-8.
static inline real damping(const real s) {
  const whole bits = bits_of(s);
  const real y = real_of(0x6F146740 - bits + (bits >> 2));
  const real sy = s * y;
  const real e = fma(-(sy * sy), sy * y, (real)(1.0f));
  const real ee = e * e;
  const real low = fma(e, (real)(0.250000179f), (real)(1.00000006f));
  const real middle = fma(e, (real)(0.117141173f), (real)(0.156214323f));
  const real high = fma(e, (real)(0.0841157143f), (real)(0.0984235556f));
  const real root = y * fma(ee, fma(ee, high, middle), low);
  return s == INFINITY ? (real)(0.0f) : root;
}
#endif

static inline real damp(const real v, const real s, const float beta) {
#if THREE_QUARTERS
  return v * damping(s);
#else
  return v / pow(s, (real)(beta));
#endif
}

#if VECTOR == 1
kernel void local_response_across_channels_forward(CONST_TENSOR(x), TENSOR(y), const int channels,
                                                   const int height, const int width,
                                                   const float alpha, const float beta,
                                                   const float k) {
  const int n = get_global_id(2) / channels;
  const int c = get_global_id(2) % channels;
  const int end = min(c + RADIUS + 1, channels);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      float sum = 0.0f;
      for (int i = max(c - RADIUS, 0); i < end; i++) {
        const float v = *ELEMENT_OF(x, n, i, h, w);
        sum = fma(v, v, sum);
      }
      *ELEMENT_OF(y, n, c, h, w) = damp(*ELEMENT_OF(x, n, c, h, w), k + alpha * sum, beta);
    }
  }
}
#else
#define TILE 8     // pixels side by side whose squares are kept together
#define STRIP 16   // the same where their results are pooled
#define BLOCKS 16  // blocks of channels that a work-item makes
// Blocks on each side of a block that hold neighbours of its channels.
#define SIDE ((RADIUS + VECTOR - 1) / VECTOR)
#define KEPT ((BLOCKS + 2 * SIDE) * VECTOR)

// A vector anywhere in private memory. fill() puts it together from floats, and LLVM then finds what
// overlapping ones share: pairs of floats, four times the instructions.
typedef real anywhere __attribute__((aligned(4)));

// The squares of `pixels` pixels, of the blocks from begin - SIDE to end + SIDE, in `kept`: a pixel's
// channels side by side, so that neighbours are loads at other addresses. Zero where no channel is.
static inline void keep_squares(global const float *image, const int plane, const int begin,
                                const int end, const int channels, const int pixels, float *kept) {
  for (int b = begin - SIDE; b < end + SIDE; b++, kept += VECTOR) {
    const int lanes = b < 0 ? 0 : channels - b * VECTOR;
    global const float *in = image + (lanes > 0 ? b * plane : 0);
    for (int i = 0; i < pixels; i++, in += VECTOR) {
      const real v = load(in);
      const real square = v * v;
      *(anywhere *)(kept + i * KEPT) =
          lanes >= VECTOR ? square : LANES < (float)lanes ? square : (real)(0.0f);
    }
  }
}

// The result of a block of which `lanes` channels exist: v damped by its neighbours, whose squares begin
// at `first`. A lane beyond the last channel has neighbours, and might catch a NaN from them.
static inline real normalised(const real v, const float *first, const int lanes, const float alpha,
                              const float beta, const float k) {
  real sum = *(const anywhere *)first;
#pragma unroll
  for (int j = 1; j <= 2 * RADIUS; j++) {
    sum += *(const anywhere *)(first + j);
  }
  const real y = damp(v, fma(sum, (real)(alpha), (real)(k)), beta);
  return lanes >= VECTOR ? y : LANES < (float)lanes ? y : (real)(0.0f);
}

kernel void local_response_across_channels_forward(CONST_TENSOR(x), TENSOR(y), const int channels,
                                                   const int height, const int width,
                                                   const float alpha, const float beta,
                                                   const float k) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int parts = (blocks + BLOCKS - 1) / BLOCKS;
  const int n = get_global_id(2) / parts;
  const int begin = get_global_id(2) % parts * BLOCKS;
  const int end = min(begin + BLOCKS, blocks);
  float kept[TILE * KEPT];
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0) * TILE; w < width; w += get_global_size(0) * TILE) {
      const int pixels = min(TILE, width - w);
      global const float *image = PIXEL_OF(x, BLOCK_OF(x, n, 0), h, w);
      keep_squares(image, x_plane, begin, end, channels, pixels, kept);
      for (int b = begin; b < end; b++) {
        const int lanes = channels - b * VECTOR;
        global const float *in = PIXEL_OF(x, BLOCK_OF(x, n, b), h, w);
        global float *out = PIXEL_OF(y, BLOCK_OF(y, n, b), h, w);
        const float *first = kept + (b - begin + SIDE) * VECTOR - RADIUS;
        for (int i = 0; i < pixels; i++, in += VECTOR, out += VECTOR, first += KEPT) {
          FETCH_LINE(in + TILE * VECTOR);
          store(normalised(load(in), first, lanes, alpha, beta, k), out);
        }
      }
    }
  }
}

// The larger value in every lane, the second one if either is NaN: one instruction.
static inline real larger(const real a, const real b) { return a > b ? a : b; }

// The maxima under `count` windows over a row of `pixels` values; the first window begins at `from`.
static inline void pool_row(const float *row, float *pooled, const int pixels, const int count,
                            const int from, const int width, const int stride) {
  for (int o = 0; o < count; o++) {
    const int left = max(from + o * stride, 0);
    const int right = min(from + o * stride + width, pixels);
    real best = *(const anywhere *)(row + left * VECTOR);
    for (int i = left + 1; i < right; i++) {
      best = max_or_nan(best, *(const anywhere *)(row + i * VECTOR));
    }
    *(anywhere *)(pooled + o * VECTOR) = best;
  }
}

// The same for windows of 3 with a step of 2 inside the row, where no value is NaN.
static inline void pool_threes(const float *row, float *pooled, const int count) {
  real shared = *(const anywhere *)row;
  for (int o = 0; o < count; o++) {
    const real last = *(const anywhere *)(row + (2 * o + 2) * VECTOR);
    const real middle = *(const anywhere *)(row + (2 * o + 1) * VECTOR);
    *(anywhere *)(pooled + o * VECTOR) = larger(larger(last, middle), shared);
    shared = last;
  }
}

// Whether all lanes are zero.
static inline bool is_zero(const real v) {
  float lane[VECTOR];
  spill(v, lane);
  bool zero = true;
  for (int i = 0; i < VECTOR; i++) {
    zero &= lane[i] == 0.0f;
  }
  return zero;
}

// Compares a row with what is in y, or stores it if it is the first one there. NaN stays.
static inline void merge_row(const float *pooled, global float *y, const int count,
                             const bool is_first) {
  for (int o = 0; o < count; o++, pooled += VECTOR, y += VECTOR) {
    const real v = *(const anywhere *)pooled;
    store(is_first ? v : max_or_nan(load(y), v), y);
  }
}

// The same and max pooling, row by row: a row's results are compared within its windows, and the maxima
// with those of the rows before it that are in y.
kernel void local_response_max_pooling_forward(
    CONST_TENSOR(x), TENSOR(y), const int channels, const int in_height, const int in_width,
    const int out_height, const int out_width, const int kernel_height, const int kernel_width,
    const int stride_height, const int stride_width, const int pad_top, const int pad_left,
    const float alpha, const float beta, const float k) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int parts = (blocks + BLOCKS - 1) / BLOCKS;
  const int n = get_global_id(2) / parts;
  const int begin = get_global_id(2) % parts * BLOCKS;
  const int end = min(begin + BLOCKS, blocks);
  const int oh_begin = get_global_id(1) * out_height / get_global_size(1);
  const int oh_end = (get_global_id(1) + 1) * out_height / get_global_size(1);
  const int bottom = min((oh_end - 1) * stride_height - pad_top + kernel_height, in_height);
  const int strip = (STRIP - kernel_width) / stride_width + 1;
  const bool threes = kernel_width == 3 && stride_width == 2;
  float kept[STRIP * KEPT], row[STRIP * VECTOR], pooled[STRIP * VECTOR];
  for (int ow = 0; ow < out_width; ow += strip) {
    const int count = min(strip, out_width - ow);
    const int corner = ow * stride_width - pad_left;
    const int left = max(corner, 0);
    const int pixels = min(corner + (count - 1) * stride_width + kernel_width, in_width) - left;
    for (int h = max(oh_begin * stride_height - pad_top, 0); h < bottom; h++) {
      // The windows from `first` to `last` hold this row.
      const int below = h + pad_top - kernel_height + stride_height;
      const int first = max(below < 0 ? 0 : below / stride_height, oh_begin);
      const int last = min((h + pad_top) / stride_height, oh_end - 1);
      if (first > last) {
        continue;
      }
      global const float *image = PIXEL_OF(x, BLOCK_OF(x, n, 0), h, left);
      keep_squares(image, x_plane, begin, end, channels, pixels, kept);
      for (int b = begin; b < end; b++) {
        const int lanes = channels - b * VECTOR;
        global const float *in = image + b * x_plane;
        const float *squares = kept + (b - begin + SIDE) * VECTOR - RADIUS;
        real sum = 0.0f;
        for (int i = 0; i < pixels; i++, in += VECTOR, squares += KEPT) {
          FETCH_LINE(in + x_row);
          const real v = normalised(load(in), squares, lanes, alpha, beta, k);
          *(anywhere *)(row + i * VECTOR) = v;
          sum += v;
        }
        if (threes && left == corner && 2 * count < pixels && is_zero(sum - sum)) {
          pool_threes(row, pooled, count);
        } else {
          pool_row(row, pooled, pixels, count, corner - left, kernel_width, stride_width);
        }
        global float *out = PIXEL_OF(y, BLOCK_OF(y, n, b), first, ow);
        for (int oh = first; oh <= last; oh++, out += y_row) {
          merge_row(pooled, out, count, h == max(oh * stride_height - pad_top, 0));
        }
      }
    }
  }
}
#endif

kernel void local_response_within_channel_forward(CONST_TENSOR(x), TENSOR(y), const int channels,
                                                  const int height, const int width,
                                                  const float alpha, const float beta,
                                                  const float k, const int radius) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    const int bottom = min(h + radius + 1, height);
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const int right = min(w + radius + 1, width);
      real sum = 0.0f;
      for (int i = max(h - radius, 0); i < bottom; i++) {
        for (int j = max(w - radius, 0); j < right; j++) {
          const real v = load(PIXEL_OF(x, in, i, j));
          sum += v * v;
        }
      }
      store(damp(load(PIXEL_OF(x, in, h, w)), k + alpha * sum, beta), PIXEL_OF(y, out, h, w));
    }
  }
}
