// The way back through a factor for every channel, or for its negative values.
//
//   dx[n,c,h,w] = weight[c]*dy[n,c,h,w]
//   sums[c]     = accumulate*sums[c] + sum over n, h, w of x[n,c,h,w]*dy[n,c,h,w]
//
//   If it rectifies, both are so where x < 0; elsewhere dx = dy, and nothing is summed. If the channels
//   have one weight together, weight[0] is it, and sums[0] the sum over c too.
//
// Tensors
//   x         [batch, channels, height, width] in blocks of VECTOR channels
//   dy, dx    the same; may be the same memory
//   weight, sums   [channels] or [1]
//
// Work-items   dx: (w, h, plane) with plane = n*blocks + b, in strided loops
//              sums: (block, 1, 1) in a strided loop; together: one for all
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void channel_scale_backward(CONST_SHARED_TENSOR(x), CONST_SHARED_TENSOR(dy),
                                   SHARED_TENSOR(dx), global const float *weight,
                                   const ulong weight_offset, const int rectifies,
                                   const int together, const int channels, const int height,
                                   const int width) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  float weights[VECTOR];
  for (int lane = 0; lane < VECTOR; ++lane) {
    const int c = b * VECTOR + lane;
    weights[lane] = c < channels ? weight[weight_offset + (together ? 0 : c)] : 0.0f;
  }
  const real factor = fill(weights);
  global const float *value = BLOCK_OF(x, n, b);
  global const float *in = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real v = load(PIXEL_OF(dy, in, h, w));
      real result = factor * v;
      if (rectifies) {
        result = load(PIXEL_OF(x, value, h, w)) < 0.0f ? result : v;
      }
      store(result, PIXEL_OF(dx, out, h, w));
    }
  }
}

static inline real products(global const float *value, const int x_row, global const float *in,
                            const int dy_row, const int height, const int width,
                            const int rectifies) {
  real sum = 0.0f;
  for (int h = 0; h < height; ++h) {
    real row = 0.0f;
    for (int w = 0; w < width; ++w) {
      real v = load(value + h * x_row + w * VECTOR);
      if (rectifies) {
        v = v < 0.0f ? v : (real)(0.0f);
      }
      row = fma(v, load(in + h * dy_row + w * VECTOR), row);
    }
    sum += row;
  }
  return sum;
}

kernel void channel_products(CONST_TENSOR(x), CONST_TENSOR(dy), global float *sums,
                             const ulong sums_offset, const int rectifies, const int together,
                             const int batch, const int channels, const int height,
                             const int width, const int accumulate) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int items = together ? 1 : blocks;
  global float *out = sums + sums_offset;
  float total = 0.0f;
  for (int item = get_global_id(0); item < items; item += get_global_size(0)) {
    for (int b = item; b < (together ? blocks : item + 1); ++b) {
      real sum = 0.0f;
      for (int n = 0; n < batch; ++n) {
        sum += products(BLOCK_OF(x, n, b), x_row, BLOCK_OF(dy, n, b), dy_row, height, width,
                        rectifies);
      }
      float lanes[VECTOR];
      spill(sum, lanes);
      for (int lane = 0; lane < VECTOR && b * VECTOR + lane < channels; ++lane) {
        const int c = b * VECTOR + lane;
        total += lanes[lane];
        if (!together) {
          out[c] = accumulate ? out[c] + lanes[lane] : lanes[lane];
        }
      }
    }
    if (together) {
      out[0] = accumulate ? out[0] + total : total;
    }
  }
}
