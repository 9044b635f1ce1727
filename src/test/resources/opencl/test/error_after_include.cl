// The mistake is in line 5.

#include "test/once.clh"

kernel void nothing(global float *restrict y) { y[0] = times(no_such_name, 1.0f); }
