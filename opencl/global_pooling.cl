// Pooling of whole planes.
//
//   average   y[n,c,0,0] = (sum over h,w of x[n,c,h,w]) / (height*width)
//   max       y[n,c,0,0] = max over h,w of x[n,c,h,w]
//
// Tensors
//   x         [batch, C, height, width] in blocks of VECTOR channels, float
//   y         [batch, C, 1, 1] likewise
//
// Work-items   (b, 1, n): one whole plane each; blocks in a strided loop
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// The sum carries its rounding errors along (Knuth's TwoSum), because a plane can have tens of
// thousands of pixels and a plain sum of floats would lose several digits. NaN gives NaN.

#include "common/tensor.clh"

// The errors of a sum that overflowed are NaN, and the sum itself says what happened.
static inline real corrected(const real sum, const real error) {
  return sum - sum == 0.0f ? sum + error : sum;
}

kernel void global_average_pooling_forward(CONST_TENSOR(x), TENSOR(y), const int blocks,
                                           const int height, const int width) {
  const int n = get_global_id(2);
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global const float *in = BLOCK_OF(x, n, b);
    real sum = 0.0f;
    real error = 0.0f;
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        const real v = load(PIXEL_OF(x, in, h, w));
        const real total = sum + v;
        const real added = total - sum;
        error += (sum - (total - added)) + (v - added);
        sum = total;
      }
    }
    store(corrected(sum, error) / ((float)height * (float)width), BLOCK_OF(y, n, b));
  }
}

kernel void global_max_pooling_forward(CONST_TENSOR(x), TENSOR(y), const int blocks,
                                       const int height, const int width) {
  const int n = get_global_id(2);
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global const float *in = BLOCK_OF(x, n, b);
    real best = load(in);
    for (int h = 0; h < height; h++) {
      for (int w = 0; w < width; w++) {
        best = max_or_nan(best, load(PIXEL_OF(x, in, h, w)));
      }
    }
    store(best, BLOCK_OF(y, n, b));
  }
}
