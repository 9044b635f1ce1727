// Two tensors combined element by element, and an activation.
//
//   y[n,c,h,w] = f(a[n,c,h,w] o b[n,c,h,w])
//
//   operation 0   a + b          3   a / b
//             1   a - b          4   max(a, b)
//             2   a * b          5   min(a, b)
//
// Tensors
//   a, b, y   [batch, channels, height, width] in blocks of VECTOR channels, float; may be the same
//             memory. a and b may be stretched: a pitch of 0 along an axis reads its only element
//             again and again, *_pixel is the pitch along a row, and *_one_channel says that all
//             lanes are the first. Lanes of y beyond the last channel become zero
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// NaN in either gives NaN, also in the maximum and the minimum.

#include "common/tensor.clh"
#include "common/activation.clh"

static inline real combine(const real a, const real b, const int operation) {
  switch (operation) {
    case 0:
      return a + b;
    case 1:
      return a - b;
    case 2:
      return a * b;
    case 3:
      return a / b;
    case 4:
      return max_or_nan(a, b);
    default:
      return -max_or_nan(-a, -b);
  }
}

static inline real fetch(global const float *p, const int one_channel) {
  return one_channel ? (real)(*p) : load(p);
}

kernel void elementwise_forward(CONST_SHARED_TENSOR(a), CONST_SHARED_TENSOR(b), SHARED_TENSOR(y),
                                const int a_pixel, const int a_one_channel, const int b_pixel,
                                const int b_one_channel, const int operation, const int blocks,
                                const int channels, const int height, const int width,
                                const int activation, const float slope) {
  const int n = get_global_id(2) / blocks;
  const int block = get_global_id(2) % blocks;
  const float lanes = channels - block * VECTOR;
  global const float *first = BLOCK_OF(a, n, block);
  global const float *second = BLOCK_OF(b, n, block);
  global float *out = BLOCK_OF(y, n, block);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real left = fetch(first + h * a_row + w * a_pixel, a_one_channel);
      const real right = fetch(second + h * b_row + w * b_pixel, b_one_channel);
      const real v = activate(combine(left, right, operation), activation, slope);
      store(LANES < lanes ? v : (real)(0.0f), PIXEL_OF(y, out, h, w));
    }
  }
}
