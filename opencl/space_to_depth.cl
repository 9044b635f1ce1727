// Makes a convolution with a stride one without: every side × side square of pixels becomes one pixel.
//
//   y[n, (c*side + p)*side + q, h, w] = x[n, c, h*side + p - pad_h, w*side + q - pad_w]
//                                       0 where that is outside the image or c >= channels
//
// Tensors
//   x   [batch, channels, in_height, in_width], planar
//   y   [batch, blocks*VECTOR, height, width] in blocks of VECTOR channels
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block of y, 4, 8 or 16

#include "common/tensor.clh"

kernel void space_to_depth(CONST_TENSOR(x), TENSOR(y), const int channels, const int in_height,
                           const int in_width, const int side, const int pad_h, const int pad_w,
                           const int blocks, const int height, const int width) {
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  global const float *image = x + x_offset + (size_t)n * x_image;
  global float *out = BLOCK_OF(y, n, b);
  const int lanes = min(VECTOR, channels * side * side - b * VECTOR);
  // Pixels of y from begin to end have all their columns inside the image.
  const int begin = (pad_w + side - 1) / side;
  const int end = min(width, (in_width + pad_w) / side);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    global const float *row[VECTOR];
    bool inside[VECTOR];
    int right[VECTOR];
    bool whole = lanes == VECTOR;
    for (int lane = 0; lane < VECTOR; lane++) {
      const int depth = b * VECTOR + lane;
      const int i = h * side + depth / side % side - pad_h;
      inside[lane] = lane < lanes && i >= 0 && i < in_height;
      whole &= inside[lane];
      right[lane] = depth % side - pad_w;
      row[lane] = image + (inside[lane] ? (size_t)(depth / side / side) * x_plane + i * x_row : 0);
    }
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      global float *v = PIXEL_OF(y, out, h, w);
      const bool inner = whole && w >= begin && w < end;
      if (inner && side % 4 == 0) {  // four lanes are four neighbours in a row
#pragma unroll
        for (int lane = 0; lane < VECTOR; lane += 4) {
          vstore4(vload4(0, row[lane] + w * side + right[lane]), 0, v + lane);
        }
      } else if (inner) {
#pragma unroll
        for (int lane = 0; lane < VECTOR; lane++) {
          v[lane] = row[lane][w * side + right[lane]];
        }
      } else {
        for (int lane = 0; lane < VECTOR; lane++) {
          const int j = w * side + right[lane];
          v[lane] = inside[lane] && j >= 0 && j < in_width ? row[lane][j] : 0.0f;
        }
      }
    }
  }
}
