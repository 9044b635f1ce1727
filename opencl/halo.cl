// Writes zeros around every plane, and nothing inside.
//
//   x[n,c,h,w] = 0   for -top <= h < height + bottom and -left <= w < width + right,
//                    but not for 0 <= h < height and 0 <= w < width
//
// Tensors
//   x         [batch, blocks*vector, height, width] in blocks of vector channels, float; its pitches
//             leave room for the halo
//
// Work-items   (w + left, h + top, plane) with plane = n*blocks + b; rows and columns in strided
//              loops
//
// Macros    none: the vector width is an argument, see reorder.cl

#define VECTOR 1
#include "common/tensor.clh"

kernel void halo_zero(TENSOR(x), const int vector, const int blocks, const int height,
                      const int width, const int top, const int left, const int bottom,
                      const int right) {
  const int plane = get_global_id(2);
  global float *image = BLOCK_OF(x, plane / blocks, plane % blocks);
  for (int h = (int)get_global_id(1) - top; h < height + bottom; h += get_global_size(1)) {
    const bool inside = h >= 0 && h < height;
    for (int w = (int)get_global_id(0) - left; w < width + right; w += get_global_size(0)) {
      if (inside && w >= 0 && w < width) {
        continue;
      }
      for (int lane = 0; lane < vector; lane++) {
        image[h * x_row + w * vector + lane] = 0.0f;
      }
    }
  }
}
