// Softmax and its logarithm over the channels of every pixel.
//
//   softmax       y[n,c,h,w] = exp(x[n,c,h,w] - m) / s
//   log-softmax   y[n,c,h,w] = x[n,c,h,w] - m - log(s)
//                 with m = max over i of x[n,i,h,w], s = sum over i of exp(x[n,i,h,w] - m)
//
// Tensors
//   x, y      [batch, channels, height, width] in blocks of VECTOR channels, float; may be the same
//             memory
//
// Work-items   (w, h, n): all channels of a pixel each; rows and columns in strided loops. One that has
//              a whole row takes four pixels at a time, which are neighbours in memory, and asks for
//              the next four meanwhile: their channels are pages apart, where no processor expects
//              them. Rows without gaps between them are taken for one.
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// Lanes beyond the last channel count for nothing and become zero. NaN makes its whole pixel NaN: the
// maximum passes over it, but the sum does not.

#include "common/tensor.clh"
#include "common/bits.clh"
#include "common/fetch.clh"

// A vector of choices, for lanes that exist and those that do not.
static inline real lanes(const int existing, const real there, const float otherwise) {
  return LANES < (float)existing ? there : (real)(otherwise);
}

static inline float lane_max(const real v) {
  float lane[VECTOR];
  spill(v, lane);
  float best = lane[0];
  for (int i = 1; i < VECTOR; i++) {
    best = fmax(best, lane[i]);
  }
  return best;
}

static inline float lane_sum(const real v) {
  float lane[VECTOR];
  spill(v, lane);
  float sum = lane[0];
  for (int i = 1; i < VECTOR; i++) {
    sum += lane[i];
  }
  return sum;
}

static inline float pixel_max(global const float *pixel, const int pitch, const int channels) {
  real best = -INFINITY;
  for (int c = 0; c < channels; c += VECTOR, pixel += pitch) {
    best = fmax(best, lanes(channels - c, load(pixel), -INFINITY));
  }
  return lane_max(best);
}

static inline float pixel_sum(global const float *pixel, const int pitch, const int channels,
                              const float most) {
  real sum = 0.0f;
  for (int c = 0; c < channels; c += VECTOR, pixel += pitch) {
    sum += lanes(channels - c, exp(load(pixel) - most), 0.0f);
  }
  return lane_sum(sum);
}

// exp of numbers up to 0, to 1 ulp; smaller than 2^-126 is 0. With r the whole number next to v/log(2),
// it is 2^r times a polynomial in v - r*log(2), which is at most log(2)/2 from 0: of the sixth degree,
// with the smallest relative error there (4e-9) that 1 + f + f*f/2 at its beginning allows.
static inline real exp_not_positive(const real v) {
  const float shift = 12582912.0f;  // 1.5*2^23: adding it rounds to whole numbers
  const real shifted = fma(v, (real)(1.44269504f), (real)(shift));
  const real r = shifted - shift;
  real f = fma(r, (real)(-0.693145752f), v);
  f = fma(r, (real)(-1.42860677e-6f), f);
  real p = fma(f, (real)(1.38637924e-3f), (real)(8.36748444e-3f));
  p = fma(p, f, (real)(4.16672379e-2f));
  p = fma(p, f, (real)(1.66665345e-1f));
  p = fma(p, f, (real)(0.5f));
  p = fma(p, f, (real)(1.0f));
  p = fma(p, f, (real)(1.0f));
  // Not by a shift whose lowest bits are r + 127: llvmpipe makes 0 of the smallest results then.
  const real power = real_of((bits_of(shifted) << 23) + 0x3F800000);
  return v < -87.3f ? (real)(0.0f) : p * power;
}

// Softmax of `pixels` pixels that stand side by side; y may be x.
static inline void softmax(global const float *x, global float *y, const int x_plane,
                           const int y_plane, const int channels, const int pixels) {
  real best[4], sums[4];
  float most[4], sum[4];
#pragma unroll
  for (int i = 0; i < pixels; i++) {
    best[i] = -INFINITY;
    sums[i] = 0.0f;
  }
  const int whole = channels / VECTOR;
  const int rest = channels % VECTOR;
  for (int b = 0; b < whole; b++) {
#pragma unroll
    for (int i = 0; i < pixels; i++) {
      const real v = load(x + b * x_plane + i * VECTOR);
      best[i] = v > best[i] ? v : best[i];
    }
#pragma unroll
    for (int i = 0; i < pixels; i += 2) {
      FETCH_LINE(y + b * y_plane + i * VECTOR);
    }
  }
#pragma unroll
  for (int i = 0; i < pixels; i++) {
    if (rest > 0) {
      best[i] = fmax(best[i], lanes(rest, load(x + whole * x_plane + i * VECTOR), -INFINITY));
    }
    most[i] = lane_max(best[i]);
  }
  for (int b = 0; b < whole; b++) {
#pragma unroll
    for (int i = 0; i < pixels; i++) {
      const real e = exp_not_positive(load(x + b * x_plane + i * VECTOR) - most[i]);
      sums[i] += e;
      store(e, y + b * y_plane + i * VECTOR);
    }
#pragma unroll
    for (int i = 0; i < pixels; i += 2) {
      FETCH_LINE(x + b * x_plane + (pixels + i) * VECTOR);
    }
  }
#pragma unroll
  for (int i = 0; i < pixels; i++) {
    if (rest > 0) {
      const real v = load(x + whole * x_plane + i * VECTOR) - most[i];
      const real e = lanes(rest, exp_not_positive(v), 0.0f);
      sums[i] += e;
      store(e, y + whole * y_plane + i * VECTOR);
    }
    sum[i] = 1.0f / lane_sum(sums[i]);
  }
  for (int b = 0; b < whole; b++) {
#pragma unroll
    for (int i = 0; i < pixels; i++) {
      global float *at = y + b * y_plane + i * VECTOR;
      store(load(at) * sum[i], at);
    }
  }
  for (int i = 0; i < pixels && rest > 0; i++) {
    global float *at = y + whole * y_plane + i * VECTOR;
    store(lanes(rest, load(at) * sum[i], 0.0f), at);
  }
}

kernel void softmax_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), const int channels,
                            const int height, const int width) {
  const int n = get_global_id(2);
  const bool whole_rows = get_global_size(0) == 1;
  const bool flat = whole_rows && x_row == width * VECTOR && y_row == x_row;
  const int rows = flat ? get_global_size(1) : height;
  const int pixels = height * width;
  for (int h = get_global_id(1); h < rows; h += get_global_size(1)) {
    const int begin = flat ? pixels / 4 * h / rows * 4 : 0;
    const int last = flat ? pixels / 4 * (h + 1) / rows * 4 : width;
    const int end = flat && h == rows - 1 ? pixels : last;
    const int four = whole_rows ? begin + (end - begin) / 4 * 4 : begin;
    global const float *in = PIXEL_OF(x, BLOCK_OF(x, n, 0), flat ? 0 : h, 0);
    global float *out = PIXEL_OF(y, BLOCK_OF(y, n, 0), flat ? 0 : h, 0);
    for (int w = begin; w < four; w += 4) {
      softmax(in + w * VECTOR, out + w * VECTOR, x_plane, y_plane, channels, 4);
    }
    for (int w = four + get_global_id(0); w < end; w += get_global_size(0)) {
      softmax(in + w * VECTOR, out + w * VECTOR, x_plane, y_plane, channels, 1);
    }
  }
}

kernel void log_softmax_forward(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), const int channels,
                                const int height, const int width) {
  const int n = get_global_id(2);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      global const float *in = PIXEL_OF(x, BLOCK_OF(x, n, 0), h, w);
      global float *out = PIXEL_OF(y, BLOCK_OF(y, n, 0), h, w);
      const float most = pixel_max(in, x_plane, channels);
      const float log_sum = log(pixel_sum(in, x_plane, channels, most));
      for (int c = 0; c < channels; c += VECTOR, in += x_plane, out += y_plane) {
        store(lanes(channels - c, load(in) - most - log_sum, 0.0f), out);
      }
    }
  }
}
