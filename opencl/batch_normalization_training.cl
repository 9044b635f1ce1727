// Batch normalisation in training: by the statistics of the batch, both ways.
//
//   m       = images*height*width
//   mean[c] = (sum over n,h,w of x[n,c,h,w]) / m,   var[c] = (sum of (x - mean)^2) / m
//   inverse = 1 / sqrt(var + epsilon),   xhat = (x - mean)*inverse
//   y       = f(gamma*xhat + beta)                                  f: an activation
//   running_mean = (1 - momentum)*running_mean + momentum*mean
//   running_var  = (1 - momentum)*running_var  + momentum*var*m/(m - 1)
//   dbeta   = accumulate*dbeta  + sum of dy,   dgamma = accumulate*dgamma + sum of dy*xhat
//   dx      = gamma*inverse * (dy - (sum of dy)/m - xhat*(sum of dy*xhat)/m)
//   dx      = gamma*inverse * dy                   where mean and var are the running ones
//
// Every image's mean and sum of squares about it come first and are then merged image by image (Chan,
// Golub and LeVeque 1983), so that no large mean cancels a small variance.
//
// Tensors
//   x, y, dy, dx   [batch, C, height, width] in blocks of VECTOR channels; y over x and dx over dy
//                  may be the same memory
//   parts          [batch, blocks, 2, VECTOR] what every image says
//   saved          [2, blocks, VECTOR] mean and inverse
//   sums           [2, blocks, VECTOR] the sums of dy and of dy*xhat
//   gamma, beta, running_mean, running_var, dgamma, dbeta   [C]
//
// Work-items   statistics, gradient sums: (block, 1, n) in a strided loop; merging: (block, 1, 1)
//              the others: (w, h, plane) with plane = n*blocks + b, in strided loops
//
// Macros    VECTOR   required: channels in a block, 1, 4, 8 or 16
//
// Source: Ioffe and Szegedy (2015), algorithm 1 and the equations of section 3.

#include "common/tensor.clh"
#include "common/activation.clh"

// One block of a dense [C] array; lanes beyond it get `otherwise`.
static inline real block_of(global const float *values, const int b, const int channels,
                            const float otherwise) {
  float lanes[VECTOR];
  for (int lane = 0; lane < VECTOR; ++lane) {
    const int c = b * VECTOR + lane;
    lanes[lane] = c < channels ? values[c] : otherwise;
  }
  return fill(lanes);
}

// Writes a block of a dense [C] array, times `kept` of what is there.
static inline void blend(global float *values, const int b, const int channels, const real v,
                         const float kept) {
  float lanes[VECTOR];
  spill(v, lanes);
  for (int lane = 0; lane < VECTOR && b * VECTOR + lane < channels; ++lane) {
    const int c = b * VECTOR + lane;
    values[c] = kept == 0.0f ? lanes[lane] : fma(kept, values[c], lanes[lane]);
  }
}

kernel void batch_image_statistics(CONST_TENSOR(x), global float *parts, const ulong parts_offset,
                                   const int blocks, const int height, const int width) {
  const int n = get_global_id(2);
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global const float *in = BLOCK_OF(x, n, b);
    real sum = 0.0f;
    for (int h = 0; h < height; ++h) {
      real row = 0.0f;
      for (int w = 0; w < width; ++w) {
        row += load(PIXEL_OF(x, in, h, w));
      }
      sum += row;
    }
    const real mean = sum / (float)(height * width);
    real squares = 0.0f;
    for (int h = 0; h < height; ++h) {
      real row = 0.0f;
      for (int w = 0; w < width; ++w) {
        const real v = load(PIXEL_OF(x, in, h, w)) - mean;
        row = fma(v, v, row);
      }
      squares += row;
    }
    global float *out = parts + parts_offset + (size_t)(n * blocks + b) * 2 * VECTOR;
    store(mean, out);
    store(squares, out + VECTOR);
  }
}

kernel void batch_statistics(global const float *parts, const ulong parts_offset,
                             global float *saved, const ulong saved_offset,
                             global float *running_mean, const ulong running_mean_offset,
                             global float *running_var, const ulong running_var_offset,
                             const int batch, const int channels, const int height,
                             const int width, const float epsilon, const float momentum) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const float area = height * width;
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    real mean = 0.0f;
    real squares = 0.0f;
    for (int n = 0; n < batch; ++n) {
      global const float *part = parts + parts_offset + (size_t)(n * blocks + b) * 2 * VECTOR;
      const real step = load(part) - mean;
      mean += step / (float)(n + 1);
      squares += load(part + VECTOR) + step * step * (area * n / (n + 1));
    }
    const float count = area * batch;
    const real variance = squares / count;
    const real inverse = 1.0f / sqrt(variance + epsilon);
    global float *out = saved + saved_offset + (size_t)b * VECTOR;
    store(mean, out);
    store(inverse, out + (size_t)blocks * VECTOR);
    blend(running_mean + running_mean_offset, b, channels, momentum * mean, 1.0f - momentum);
    const real unbiased = squares / fmax(count - 1.0f, 1.0f);
    blend(running_var + running_var_offset, b, channels, momentum * unbiased, 1.0f - momentum);
  }
}

// For evaluation: mean and inverse of the running statistics.
kernel void batch_running_statistics(global const float *running_mean,
                                     const ulong running_mean_offset,
                                     global const float *running_var,
                                     const ulong running_var_offset, global float *saved,
                                     const ulong saved_offset, const int channels,
                                     const float epsilon) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global float *out = saved + saved_offset + (size_t)b * VECTOR;
    store(block_of(running_mean + running_mean_offset, b, channels, 0.0f), out);
    store(1.0f / sqrt(block_of(running_var + running_var_offset, b, channels, 1.0f) + epsilon),
          out + (size_t)blocks * VECTOR);
  }
}

kernel void batch_normalise(CONST_SHARED_TENSOR(x), SHARED_TENSOR(y), global const float *saved,
                            const ulong saved_offset, global const float *gamma,
                            const ulong gamma_offset, global const float *beta,
                            const ulong beta_offset, const int affine, const int channels,
                            const int height, const int width, const int activation,
                            const float slope) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const real mean = load(saved + saved_offset + (size_t)b * VECTOR);
  real factor = load(saved + saved_offset + (size_t)(blocks + b) * VECTOR);
  real summand = 0.0f;
  if (affine) {
    factor *= block_of(gamma + gamma_offset, b, channels, 0.0f);
    summand = block_of(beta + beta_offset, b, channels, 0.0f);
  }
  global const float *in = BLOCK_OF(x, n, b);
  global float *out = BLOCK_OF(y, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real v = fma(factor, load(PIXEL_OF(x, in, h, w)) - mean, summand);
      store(activate(v, activation, slope), PIXEL_OF(y, out, h, w));
    }
  }
}

kernel void batch_image_gradients(CONST_TENSOR(x), CONST_TENSOR(dy), global float *parts,
                                  const ulong parts_offset, global const float *saved,
                                  const ulong saved_offset, const int blocks, const int height,
                                  const int width) {
  const int n = get_global_id(2);
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    global const float *in = BLOCK_OF(x, n, b);
    global const float *gradient = BLOCK_OF(dy, n, b);
    const real mean = load(saved + saved_offset + (size_t)b * VECTOR);
    const real inverse = load(saved + saved_offset + (size_t)(blocks + b) * VECTOR);
    real sum = 0.0f;
    real product = 0.0f;
    for (int h = 0; h < height; ++h) {
      real row = 0.0f;
      real row_product = 0.0f;
      for (int w = 0; w < width; ++w) {
        const real v = load(PIXEL_OF(dy, gradient, h, w));
        row += v;
        row_product = fma(v, (load(PIXEL_OF(x, in, h, w)) - mean) * inverse, row_product);
      }
      sum += row;
      product += row_product;
    }
    global float *out = parts + parts_offset + (size_t)(n * blocks + b) * 2 * VECTOR;
    store(sum, out);
    store(product, out + VECTOR);
  }
}

// `affine` is 0 where nobody wants dgamma and dbeta, which may then be any memory.
kernel void batch_gradients(global const float *parts, const ulong parts_offset,
                            global float *sums, const ulong sums_offset, global float *dgamma,
                            const ulong dgamma_offset, global float *dbeta,
                            const ulong dbeta_offset, const int affine, const int batch,
                            const int channels, const int accumulate) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  for (int b = get_global_id(0); b < blocks; b += get_global_size(0)) {
    real sum = 0.0f;
    real product = 0.0f;
    for (int n = 0; n < batch; ++n) {
      global const float *part = parts + parts_offset + (size_t)(n * blocks + b) * 2 * VECTOR;
      sum += load(part);
      product += load(part + VECTOR);
    }
    global float *out = sums + sums_offset + (size_t)b * VECTOR;
    store(sum, out);
    store(product, out + (size_t)blocks * VECTOR);
    if (affine) {
      blend(dbeta + dbeta_offset, b, channels, sum, accumulate);
      blend(dgamma + dgamma_offset, b, channels, product, accumulate);
    }
  }
}

kernel void batch_normalise_backward(CONST_TENSOR(x), CONST_SHARED_TENSOR(dy), SHARED_TENSOR(dx),
                                     global const float *saved, const ulong saved_offset,
                                     global const float *sums, const ulong sums_offset,
                                     global const float *gamma, const ulong gamma_offset,
                                     const int affine, const int batch, const int channels,
                                     const int height, const int width) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  const float count = (float)batch * (height * width);
  const real mean = load(saved + saved_offset + (size_t)b * VECTOR);
  const real inverse = load(saved + saved_offset + (size_t)(blocks + b) * VECTOR);
  const real sum = load(sums + sums_offset + (size_t)b * VECTOR) / count;
  const real product = load(sums + sums_offset + (size_t)(blocks + b) * VECTOR) / count;
  const real factor =
      affine ? inverse * block_of(gamma + gamma_offset, b, channels, 0.0f) : inverse;
  global const float *in = BLOCK_OF(x, n, b);
  global const float *gradient = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      const real xhat = (load(PIXEL_OF(x, in, h, w)) - mean) * inverse;
      const real v = load(PIXEL_OF(dy, gradient, h, w)) - sum - xhat * product;
      store(factor * v, PIXEL_OF(dx, out, h, w));
    }
  }
}

kernel void batch_frozen_backward(CONST_SHARED_TENSOR(dy), SHARED_TENSOR(dx),
                                  global const float *saved, const ulong saved_offset,
                                  global const float *gamma, const ulong gamma_offset,
                                  const int affine, const int channels, const int height,
                                  const int width) {
  const int blocks = (channels + VECTOR - 1) / VECTOR;
  const int n = get_global_id(2) / blocks;
  const int b = get_global_id(2) % blocks;
  real factor = load(saved + saved_offset + (size_t)(blocks + b) * VECTOR);
  if (affine) {
    factor *= block_of(gamma + gamma_offset, b, channels, 0.0f);
  }
  global const float *gradient = BLOCK_OF(dy, n, b);
  global float *out = BLOCK_OF(dx, n, b);
  for (int h = get_global_id(1); h < height; h += get_global_size(1)) {
    for (int w = get_global_id(0); w < width; w += get_global_size(0)) {
      store(factor * load(PIXEL_OF(dy, gradient, h, w)), PIXEL_OF(dx, out, h, w));
    }
  }
}
