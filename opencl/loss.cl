// Losses of every image, and their gradients.
//
//   cross-entropy   loss = - sum over c of t[c] * log(p[c]),   p = softmax(x[n])
//                   t[c] = weights[c] * ((c == labels[n] ? 1 - smoothing : 0) + smoothing/channels)
//                   dx[c] = share * (p[c] * (sum over i of t[i]) - t[c])
//                   rank = how many channels stand before the label: larger, or equal and earlier
//   mean squares    loss = (sum over c,h,w of (x[n,c,h,w] - targets[n,c,h,w])^2) / E
//                   dx   = share * 2/E * (x - targets),   E = channels*height*width
//
// Tensors
//   x, dx     [batch, channels, height, width] in blocks of VECTOR channels; one pixel for
//             cross-entropy. dx is written only if `backward` is 1, and may else be any memory
//   labels    [batch] as ints, 0 <= label < channels
//   weights   [channels]
//   targets   [batch, channels, height, width] planar
//   results   [batch, 2]: loss and rank of every image, from results_offset on
//
// Work-items   (image, 1, 1): one for each image
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16

#include "common/tensor.clh"

// Element c of an image of one pixel.
#define AT(name, image, c) (image)[(size_t)((c) / VECTOR) * name##_plane + (c) % VECTOR]

kernel void cross_entropy(CONST_SHARED_TENSOR(x), SHARED_TENSOR(dx),
                          global const float *restrict labels,
                          global const float *restrict weights, global float *restrict results,
                          const ulong results_offset, const int channels, const float smoothing,
                          const float share, const int backward) {
  const int n = get_global_id(0);
  global const float *in = BLOCK_OF(x, n, 0);
  global float *out = BLOCK_OF(dx, n, 0);
  const int label = as_int(labels[n]);
  const float right = AT(x, in, label);
  float most = -INFINITY;
  int rank = 0;
  for (int c = 0; c < channels; ++c) {
    const float v = AT(x, in, c);
    most = fmax(most, v);
    rank += v > right || (v == right && c < label);
  }
  float sum = 0.0f;
  for (int c = 0; c < channels; ++c) {
    sum += exp(AT(x, in, c) - most);
  }
  const float log_sum = log(sum);
  const float spread = smoothing / channels;
  float loss = 0.0f;
  float total = 0.0f;
  for (int c = 0; c < channels; ++c) {
    const float target = weights[c] * ((c == label ? 1.0f - smoothing : 0.0f) + spread);
    total += target;
    if (target != 0.0f) {  // 0 times an infinite logarithm is 0 here
      loss -= target * (AT(x, in, c) - most - log_sum);
    }
  }
  results[results_offset + 2 * n] = loss;
  results[results_offset + 2 * n + 1] = rank;
  if (!backward) {
    return;
  }
  const int lanes = (channels + VECTOR - 1) / VECTOR * VECTOR;
  for (int c = 0; c < lanes; ++c) {
    float v = 0.0f;
    if (c < channels) {
      const float target = weights[c] * ((c == label ? 1.0f - smoothing : 0.0f) + spread);
      v = share * (exp(AT(x, in, c) - most - log_sum) * total - target);
    }
    AT(dx, out, c) = v;
  }
}

kernel void mean_squares(CONST_SHARED_TENSOR(x), SHARED_TENSOR(dx),
                         global const float *restrict targets, global float *restrict results,
                         const ulong results_offset, const int channels, const int height,
                         const int width, const float share, const int backward) {
  const int n = get_global_id(0);
  const int elements = channels * height * width;
  const int lanes = (channels + VECTOR - 1) / VECTOR * VECTOR;
  float loss = 0.0f;
  for (int c = 0; c < lanes; ++c) {
    for (int h = 0; h < height; ++h) {
      float row = 0.0f;
      for (int w = 0; w < width; ++w) {
        float v = 0.0f;
        if (c < channels) {
          const size_t element = (((size_t)n * channels + c) * height + h) * width + w;
          v = *ELEMENT_OF(x, n, c, h, w) - targets[element];
        }
        row = fma(v, v, row);
        if (backward) {
          *ELEMENT_OF(dx, n, c, h, w) = share * 2.0f / elements * v;
        }
      }
      loss += row;
    }
  }
  results[results_offset + 2 * n] = loss / elements;
  results[results_offset + 2 * n + 1] = 0.0f;
}
