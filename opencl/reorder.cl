// Copies images between layouts, or into some channels of larger images.
//
//   y[n, first + c, h, w] = x[n,c,h,w]    for c < channels
//   y[n, first + c, h, w] = 0             for channels <= c < end - first: lanes beyond the last one
//
// Tensors
//   x         [batch, channels, height, width] in blocks of x_vector channels, float
//   y         [batch, C, height, width] in blocks of y_vector channels, float; other memory than x
//
// Work-items   (w, h, plane) with plane = n*blocks + block of y, counted from first_block; rows and
//              columns in strided loops
//
// Macros    none. The two vector widths are arguments: reordering is bound by memory, and a kernel
//           for each of their sixteen pairs would take longer to build than it could ever save

#define VECTOR 1
#include "common/tensor.clh"

// Gathers `count` planes from `in` on into the lanes of a whole block, along one row.
static inline void gather_row(global const float *in, const int pitch, global float *out,
                              const int count, const int begin, const int end, const int by) {
  for (int w = begin; w < end; w += by) {
#pragma unroll
    for (int lane = 0; lane < count; lane++) {
      out[w * count + lane] = in[lane * pitch + w];
    }
  }
}

kernel void reorder(CONST_TENSOR(x), TENSOR(y), const int x_vector, const int y_vector,
                    const int first, const int channels, const int end, const int first_block,
                    const int blocks, const int height, const int width) {
  const int n = get_global_id(2) / blocks;
  const int block = first_block + get_global_id(2) % blocks;
  const int lane_begin = max(first - block * y_vector, 0);
  const int lane_end = min(end - block * y_vector, y_vector);
  const int whole = block * y_vector - first;  // channel of lane 0
  if (x_vector == 1 && y_vector > 1 && whole >= 0 && whole + y_vector <= channels) {
    global const float *in = BLOCK_OF(x, n, whole);
    global float *out = BLOCK_OF(y, n, block);
    for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
      const int w = get_global_id(0);
      const int by = get_global_size(0);
      if (y_vector == 4) {
        gather_row(in + h * x_row, x_plane, out + h * y_row, 4, w, width, by);
      } else if (y_vector == 8) {
        gather_row(in + h * x_row, x_plane, out + h * y_row, 8, w, width, by);
      } else {
        gather_row(in + h * x_row, x_plane, out + h * y_row, 16, w, width, by);
      }
    }
    return;
  }
  for (int lane = lane_begin; lane < lane_end; lane++) {
    const int c = block * y_vector + lane - first;
    const int source = min(c, channels - 1);  // so that the address is one of x in any case
    global const float *in = BLOCK_OF(x, n, source / x_vector) + source % x_vector;
    global float *out = BLOCK_OF(y, n, block) + lane;
    for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
      for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
        out[h * y_row + w * y_vector] = c < channels ? in[h * x_row + w * x_vector] : 0.0f;
      }
    }
  }
}
