// Makes every element of an image a channel of one pixel.
//
//   y[n, (c*height + h)*width + w, 0, 0] = x[n,c,h,w]
//
// Tensors
//   x         [batch, channels, height, width] in blocks of x_vector channels, float
//   y         [batch, channels*height*width, 1, 1] in blocks of y_vector channels, float; other
//             memory than x. Lanes beyond its last channel become zero
//
// Work-items   (element of y, 1, n); elements in a strided loop
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
