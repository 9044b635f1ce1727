// What a device can do at most: arithmetic without memory, memory without arithmetic, and nothing.
//
//   multiply_add      rounds times, for CHAINS independent sums in registers: s = fma(s, a, b)
//   memory_read       every float of x once, added up
//   memory_copy       y = x
//   nothing           a launch whose work is not worth mentioning
//
// The fixed point of s = s*a + b for a = b = 1/2 is 1, where the sums begin: no overflow, no
// denormals, and a compiler cannot know.
//
// Tensors
//   sums      [items, VECTOR], float
//   x, y      [items, run, VECTOR], float, as every item takes `run` reals that lie `pitch` reals
//             apart: 1 on a CPU, where an item owns a run of memory, and `items` on a GPU, where
//             neighbouring items read neighbouring floats
//
// Work-items   (items, 1, 1); `nothing`: 1
//
// Macros    all required
//   VECTOR    floats of a register: 1, 4, 8 or 16
//   CHAINS    sums that one item has under way

#include "common/tensor.clh"

#if !defined(CHAINS)
#error "roofline.cl: CHAINS is missing"
#endif

kernel void multiply_add(global float *restrict sums, const float a, const float b,
    const int rounds) {
  real chain[CHAINS];
#pragma unroll
  for (int i = 0; i < CHAINS; ++i) {
    chain[i] = (real)(1.0f) + LANES * (float)i * 0x1p-20f;
  }
  for (int round = 0; round < rounds; ++round) {
#pragma unroll
    for (int i = 0; i < CHAINS; ++i) {
      chain[i] = fma(chain[i], (real)(a), (real)(b));
    }
  }
  real sum = (real)(0.0f);
#pragma unroll
  for (int i = 0; i < CHAINS; ++i) {
    sum += chain[i];
  }
  store(sum, sums + (size_t)get_global_id(0) * VECTOR);
}

kernel void memory_read(global const float *restrict x, global float *restrict sums, const int run,
    const int pitch) {
  const size_t item = get_global_id(0);
  global const float *p = x + (pitch == 1 ? item * run : item) * VECTOR;
  real sum[4] = {(real)(0.0f), (real)(0.0f), (real)(0.0f), (real)(0.0f)};
  for (int i = 0; i < run; i += 4) {
#pragma unroll
    for (int j = 0; j < 4; ++j) {
      sum[j] += load(p + (size_t)(i + j) * pitch * VECTOR);
    }
  }
  store(sum[0] + sum[1] + (sum[2] + sum[3]), sums + item * VECTOR);
}

kernel void memory_copy(global const float *restrict x, global float *restrict y, const int run,
    const int pitch) {
  const size_t item = get_global_id(0);
  const size_t start = (pitch == 1 ? item * run : item) * VECTOR;
  for (int i = 0; i < run; ++i) {
    const size_t at = start + (size_t)i * pitch * VECTOR;
    store(load(x + at), y + at);
  }
}

kernel void nothing(global float *restrict sums) { sums[0] = 1.0f; }
