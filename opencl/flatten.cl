// Makes every element of an image a channel of one pixel.
//
//   forward    y[n, (c*height + h)*width + w, 0, 0] = x[n,c,h,w]
//   backward   dx[n,c,h,w] = dy[n, (c*height + h)*width + w, 0, 0]
//
// Tensors
//   x         [batch, channels, height, width] in blocks of x_vector channels, float
//   y         [batch, channels*height*width, 1, 1] in blocks of y_vector channels, float; other
//             memory than x. Lanes beyond its last channel become zero
//   dx, dy    as x and y
//
// Work-items   (element of y or, with all lanes, of dx, 1, n); elements in a strided loop
//
// Macros    none: the vector widths are arguments, see reorder.cl

#define VECTOR 1
#include "common/tensor.clh"

kernel void flatten_forward(CONST_TENSOR(x), TENSOR(y), const int x_vector, const int y_vector,
                            const int channels, const int height, const int width) {
  const int n = get_global_id(2);
  const int elements = channels * height * width;
  const int end = (elements + y_vector - 1) / y_vector * y_vector;
  for (int i = get_global_id(0); i < end; i += get_global_size(0)) {
    const int w = i % width;
    const int h = i / width % height;
    const int c = i / width / height;
    float v = 0.0f;
    if (i < elements) {
      v = BLOCK_OF(x, n, c / x_vector)[h * x_row + w * x_vector + c % x_vector];
    }
    BLOCK_OF(y, n, i / y_vector)[i % y_vector] = v;
  }
}

kernel void flatten_backward(CONST_TENSOR(dy), TENSOR(dx), const int x_vector, const int y_vector,
                             const int channels, const int height, const int width) {
  const int n = get_global_id(2);
  const int end = (channels + x_vector - 1) / x_vector * x_vector * height * width;
  for (int i = get_global_id(0); i < end; i += get_global_size(0)) {
    const int lane = i % x_vector;
    const int w = i / x_vector % width;
    const int h = i / x_vector / width % height;
    const int block = i / x_vector / width / height;
    const int c = block * x_vector + lane;
    const int element = (c * height + h) * width + w;
    float v = 0.0f;
    if (c < channels) {
      v = BLOCK_OF(dy, n, element / y_vector)[element % y_vector];
    }
    BLOCK_OF(dx, n, block)[h * dx_row + w * x_vector + lane] = v;
  }
}
