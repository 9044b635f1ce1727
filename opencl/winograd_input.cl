// Transforms the inputs of Winograd's convolution on CPUs, for convolution_winograd.cl and
// convolution_winograd_gradient.cl.
//
//   v = B' d B    for every tile d of ALPHA × ALPHA inputs, OUT apart, of every channel
//
// Tensors   (a chunk of tiles is `width` of them in a row through the images, a multiple of `run`; what
//           lies beyond the last tile repeats it; POINTS = ALPHA^2)
//   x         [batch, groups*IC, H, W] in blocks of VECTOR channels; a halo of zeros before it of the
//             padding, and after it of what the last tiles reach
//   v         [chunks from `first` on, POINTS, groups, width/run, in_blocks, run, VECTOR]: `run` tiles
//             stand side by side; the points of a chunk lie `pitch` floats apart
//
// Work-items   (block of channels of any group, chunk, 1)
//
// Macros    all required
//   VECTOR       channels in a block: 4, 8 or 16
//   ALPHA, OUT   side of a tile of inputs, 4 or 6, and of outputs
//
// Source: Lavin and Gray (2016), "Fast algorithms for convolutional neural networks", section 4.

#include "common/fetch.clh"
#include "common/tensor.clh"
#include "common/winograd.clh"

#define POINTS (ALPHA * ALPHA)

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void winograd_input(
    CONST_TENSOR(x), global float *restrict v, const ulong v_offset, const int batch,
    const int in_blocks, const int width, const int run, const int pitch, const int tiles_h,
    const int tiles_w, const int pad_h, const int pad_w, const int first) {
  const int b = get_global_id(0);
  const int start = (first + (int)get_global_id(1)) * width;
  const int tiles = batch * tiles_h * tiles_w;
  if (start >= tiles) {
    return;
  }
  global float *chunk = v + v_offset + get_global_id(1) * POINTS * pitch +
                        (size_t)(b / in_blocks * in_blocks * width + b % in_blocks * run) * VECTOR;
  for (int t = 0; t < width; ++t) {
    global float *out = chunk + (size_t)(t / run * in_blocks * run + t % run) * VECTOR;
    const int tile = min(start + t, tiles - 1);
    const int column = tile % tiles_w;
    const int row = tile / tiles_w % tiles_h;
    const int n = tile / tiles_w / tiles_h;
    global const float *corner =
        PIXEL_OF(x, BLOCK_OF(x, n, b), row * OUT - pad_h, column * OUT - pad_w);
    // What the tile after the next one reads and this one does not.
    fetch_rows(corner + (OUT + ALPHA) * VECTOR, ALPHA, x_row, OUT * VECTOR);
    real half_way[ALPHA][ALPHA];
#pragma unroll
    for (int j = 0; j < ALPHA; ++j) {
      real d[ALPHA], e[ALPHA];
#pragma unroll
      for (int i = 0; i < ALPHA; ++i) {
        d[i] = load(corner + i * x_row + j * VECTOR);
      }
      transform_input(d, e);
#pragma unroll
      for (int i = 0; i < ALPHA; ++i) {
        half_way[i][j] = e[i];
      }
    }
#pragma unroll
    for (int i = 0; i < ALPHA; ++i) {
      real e[ALPHA];
      transform_input(half_way[i], e);
#pragma unroll
      for (int j = 0; j < ALPHA; ++j) {
        store(e[j], out + (size_t)(i * ALPHA + j) * pitch);
      }
    }
  }
}
