// The way back through the element-wise activations, from their result.
//
//   dx[n,c,h,w] = f'(x[n,c,h,w]) * dy[n,c,h,w],  f' written in terms of y = f(x):
//
//   activation 0   identity      1
//              1   ReLU          y > 0 ? 1 : 0
//              2   leaky ReLU    y > 0 ? 1 : slope; where slope < 0 the host gives x for y
//              3   sigmoid       y*(1 - y)
//              4   tanh          1 - y*y
//              5   bounded ReLU  0 < y < slope ? 1 : 0
//
// Tensors
//   y         [batch, C, height, width] in blocks of VECTOR channels
//   dy, dx    the same; may be the same memory
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// At 0 the rectifiers take the derivative of the side that Caffe and PyTorch take.

#include "common/tensor.clh"

static inline real derivative(const real y, const int activation, const float slope) {
  switch (activation) {
    case 1:
      return y > 0.0f ? (real)(1.0f) : (real)(0.0f);
    case 2:
      return y > 0.0f ? (real)(1.0f) : (real)(slope);
    case 3:
      return y * (1.0f - y);
    case 4:
      return 1.0f - y * y;
    case 5:
      return (y > 0.0f) & (y < slope) ? (real)(1.0f) : (real)(0.0f);
    default:
      return 1.0f;
  }
}

kernel void activation_backward(CONST_TENSOR(y), CONST_SHARED_TENSOR(dy), SHARED_TENSOR(dx),
                                const int blocks, const int height, const int width,
                                const int activation, const float slope) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *result = BLOCK_OF(y, n, b);
  global const float *in = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real factor = derivative(load(PIXEL_OF(y, result, h, w)), activation, slope);
      store(factor * load(PIXEL_OF(dy, in, h, w)), PIXEL_OF(dx, out, h, w));
    }
  }
}
