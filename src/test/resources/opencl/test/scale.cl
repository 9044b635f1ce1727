// y[i] = factor * x[i + shift], for tests.
//
// Macros    none

#include "test/once.clh"
#include "test/once.clh"

kernel void scale(global const float *restrict x, global float *restrict y, const float factor,
                  const int count, const ulong shift, const uint unused) {
  const int i = get_global_id(0);
  if (i < count) {
    y[i] = times(factor, x[i + shift]);
  }
}

kernel void fill(global float *restrict y, const float value) { y[get_global_id(0)] = value; }
