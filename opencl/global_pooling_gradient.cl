// The way back through pooling over whole planes.
//
//   average   dx[n,c,h,w] = dy[n,c,0,0] / (height*width)
//   max       dx[n,c,h,w] = dy[n,c,0,0] at the first pixel, row by row, that holds y[n,c,0,0], else 0
//
// Tensors
//   x, dx     [batch, C, height, width] in blocks of VECTOR channels; the average reads no x
//   y, dy     [batch, C, 1, 1] likewise
//
// Work-items   average: (w, h, plane) with plane = n*blocks + b, in strided loops
//              max: (block, 1, n) in a strided loop
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

kernel void global_average_pooling_backward(CONST_TENSOR(dy), TENSOR(dx), const int blocks,
                                            const int height, const int width) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global float *out = BLOCK_OF(dx, n, b);
  const real v = load(BLOCK_OF(dy, n, b)) / (float)(height * width);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      store(v, PIXEL_OF(dx, out, h, w));
    }
  }
}

kernel void global_max_pooling_backward(CONST_TENSOR(x), CONST_TENSOR(y), CONST_TENSOR(dy),
                                        TENSOR(dx), const int blocks, const int height,
                                        const int width) {
  const int n = get_global_id(2);
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global const float *in = BLOCK_OF(x, n, b);
    global float *out = BLOCK_OF(dx, n, b);
    const real most = load(BLOCK_OF(y, n, b));
    real left = load(BLOCK_OF(dy, n, b));
    for (int h = 0; h < height; ++h) {
      for (int w = 0; w < width; ++w) {
        const real v = load(PIXEL_OF(x, in, h, w));
        store(v == most ? left : (real)(0.0f), PIXEL_OF(dx, out, h, w));
        left = v == most ? (real)(0.0f) : left;
      }
    }
  }
}
