// Dropout, forward and backward: the same kernel, because the mask is a function of its place.
//
//   y[n,c,h,w] = keep(n,c,h,w) ? x[n,c,h,w] * scale : 0,   scale = 1 / (1 - p)
//   keep       = word c%4 of Philox4x32-10 >= threshold,   threshold = p * 2^32
//                key      seed
//                counter  (block, sample, stream, epoch) with block = (h*width + w)*ceil(C/4) + c/4
//
// Neither the batch nor the layout of the tensors changes a mask.
//
// Tensors
//   x, y      [batch, channels, height, width] in blocks of VECTOR channels; may be the same memory
//   samples   [batch] as ints: which sample every image is
//
// Work-items   (w, h, plane) with plane = n*blocks + b; rows and columns in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// Source: Srivastava et al. (2014); Salmon, Moraes, Dror and Shaw (SC11) for Philox.

#include "common/tensor.clh"

static inline uint4 philox(uint4 counter, uint2 key) {
  for (int round = 0; round < 10; ++round) {
    const uint high0 = mul_hi(0xD2511F53u, counter.s0);
    const uint low0 = 0xD2511F53u * counter.s0;
    const uint high1 = mul_hi(0xCD9E8D57u, counter.s2);
    const uint low1 = 0xCD9E8D57u * counter.s2;
    counter = (uint4)(high1 ^ counter.s1 ^ key.s0, low1, high0 ^ counter.s3 ^ key.s1, low0);
    key += (uint2)(0x9E3779B9u, 0xBB67AE85u);
  }
  return counter;
}

kernel void dropout(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), global const float *restrict samples,
                    const ulong samples_offset, const int channels, const int height,
                    const int width, const ulong seed, const int epoch, const int stream,
                    const int threshold, const float scale) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const uint sample = as_uint(samples[samples_offset + n]);
  const uint2 key = (uint2)((uint)seed, (uint)(seed >> 32));
  const int quads = (channels + 3) / 4;
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const uint place = (uint)((h * width + w) * quads + b * VECTOR / 4);
      float factors[VECTOR];
#if VECTOR == 1
      const uint4 words = philox((uint4)(place, sample, (uint)stream, (uint)epoch), key);
      const int lane = b % 4;
      const uint word = lane < 2 ? (lane == 0 ? words.s0 : words.s1)
                                 : (lane == 2 ? words.s2 : words.s3);
      factors[0] = word >= (uint)threshold ? scale : 0.0f;
#else
      for (int quad = 0; quad < VECTOR / 4; ++quad) {
        const uint4 words = philox((uint4)(place + quad, sample, (uint)stream, (uint)epoch), key);
        const float4 four = words >= (uint)threshold ? (float4)(scale) : (float4)(0.0f);
        vstore4(four, quad, factors);
      }
#endif
      const real factor = fill(factors);
      // A dropped value is 0 even where it was not finite.
      const real v = factor * load(PIXEL_OF(x, in, h, w));
      store(factor == 0.0f ? (real)(0.0f) : v, PIXEL_OF(y, out, h, w));
    }
  }
}
