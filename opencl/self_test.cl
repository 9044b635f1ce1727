// A test of what every other kernel relies on, in about a millisecond.
//
// Work-item i of a work-group computes
//
//   steps:  v = a number from a linear congruential generator, started with the global index and
//           stepped `rounds` times (32-bit unsigned arithmetic that wraps)
//   fused:  fma(a, a, -(1 + 2^-11)) with a = 1 + 2^-12, which is 2^-24 if the product is not rounded
//           before the sum, and 0 if it is
//
// and the work-group adds (v >> 24) of its items through local memory with barriers.
//
// Tensors
//   sums      [groups], float: the sum of each group; at most GROUP*255, so exact
//   fused     [groups*GROUP], float
//
// Work-items   groups*GROUP in groups of GROUP
//
// Macros    GROUP   required: work-items in a group, a power of two

#ifndef GROUP
#error "self_test.cl: GROUP is missing"
#endif

kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void self_test(
    global float *restrict sums, global float *restrict fused, const int rounds, const float a) {
  local uint partial[GROUP];
  const int item = get_local_id(0);
  uint v = get_global_id(0);
  for (int i = 0; i < rounds; ++i) {
    v = v * 1664525u + 1013904223u;
  }
  partial[item] = v >> 24;
  for (int half_group = GROUP / 2; half_group > 0; half_group /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < half_group) {
      partial[item] += partial[item + half_group];
    }
  }
  if (item == 0) {
    sums[get_group_id(0)] = partial[0];
  }
  fused[get_global_id(0)] = fma(a, a, -(1.0f + 0x1p-11f));
}
