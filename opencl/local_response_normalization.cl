// Local response normalisation, across channels or within one.
//
//   y[n,c,h,w] = x[n,c,h,w] / (k + alpha*S[n,c,h,w])^beta
//   across channels   S = sum over i in [c - RADIUS, c + RADIUS] of x[n,i,h,w]^2
//   within channel    S = sum over i in [h - radius, h + radius], j in [w - radius, w + radius]
//                         of x[n,c,i,j]^2
//
// Tensors
//   x, y      [batch, channels, height, width] in blocks of VECTOR channels, float
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops. Across
//              channels a CPU's work-item takes BLOCKS blocks, so that squares are made once and what
//              lies beside a pixel is read once: plane = n*ceil(blocks/BLOCKS) + part.
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
          real sum = *(const anywhere *)first;
#pragma unroll
          for (int j = 1; j <= 2 * RADIUS; j++) {
            sum += *(const anywhere *)(first + j);
          }
          const real v = damp(load(in), fma(sum, (real)(alpha), (real)(k)), beta);
          // A lane beyond the last channel has neighbours, and might catch a NaN from them.
          store(lanes >= VECTOR ? v : LANES < (float)lanes ? v : (real)(0.0f), out);
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
