// Copies a parameter into the order in which a kernel reads it, with zeros where there is nothing.
//
//   packed[i] = out < outs && in < ins ? source[address] : 0
//   where i has the digits d0 … d5, the last one fastest, with extents extent0 … extent5, and
//   out = sum of dk*outk,  in = sum of dk*ink,  address = base + sum of dk*stepk
//
// Tensors
//   source    the parameter as files store it, from source_offset on
//   packed    [extent0, …, extent5]
//
// Work-items   (row, 1, 1) in a strided loop: a row is a run of the last digit
//
// Macros    none

#define DIGIT(k) const int extent##k, const int out##k, const int in##k, const int step##k

#define TAKE(k)                  \
  d = rest % extent##k;          \
  rest /= extent##k;             \
  out += d * out##k;             \
  in += d * in##k;               \
  address += (long)d * step##k;

kernel void repack(global const float *restrict source, const ulong source_offset,
                   global float *restrict packed, const int rows, const int outs, const int ins,
                   const int base, DIGIT(0), DIGIT(1), DIGIT(2), DIGIT(3), DIGIT(4), DIGIT(5)) {
  for (int row = get_global_id(0); row < rows; row += get_global_size(0)) {
    int rest = row;
    int d;
    int out = 0;
    int in = 0;
    long address = (long)source_offset + base;
    TAKE(4)
    TAKE(3)
    TAKE(2)
    TAKE(1)
    TAKE(0)
    global float *to = packed + (size_t)row * extent5;
    for (int i = 0; i < extent5; ++i) {
      const bool there = out + i * out5 < outs && in + i * in5 < ins;
      to[i] = there ? source[address + (long)i * step5] : 0.0f;
    }
  }
}
