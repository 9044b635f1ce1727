// The mistake is in line 3 of the included file.

#include "test/mistake.clh"

kernel void nothing(global float *restrict y) { y[0] = mistaken(); }
