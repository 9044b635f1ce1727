// A bug on purpose: reads one element beyond the end of x, so that ./verify can see Oclgrind find it.
//
//   y[i] = x[i + 1]
//
// Tensors
//   x, y      [N], float
//
// Work-items   i
//
// Macros    none

kernel void planted_read(global const float *restrict x, global float *restrict y) {
  const int i = get_global_id(0);
  y[i] = x[i + 1];
}
