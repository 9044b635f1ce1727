// One step of an optimiser over all weights at once, and the norms it needs.
//
// The formulas are those of org.lamina.train.Optimizer. Weights, gradients and the optimiser's
// memories are flat: element i of one belongs to element i of the others. They are cut into chunks,
// none of which reaches from one tensor into the next.
//
// Tensors
//   weights, gradients, first, second   flat, float; memories that an optimiser lacks are not touched
//   chunks     [chunks, 4] int bits in floats: where it begins (two words: low, high), elements, tensor
//   factors    [tensors, 2] float: of the learning rate, and of the weight decay
//   tensors    [tensors, 2] int bits in floats: first chunk, chunks
//   partial    [chunks, LANES, 2] float: sums of squares of gradients and weights
//   norms      [tensors, 2] float: sums of squares of gradients and weights
//   total      [2] float: sum of squares of all gradients; what to multiply gradients by
//
// Work-items   optimizer_step, optimizer_squares: (lane, 0, chunk), lanes in strided loops;
//              optimizer_norms: (tensor); optimizer_total: one
//
// Macros    VECTOR      required: elements a work-item takes at once, 1, 4, 8 or 16
//           LANES_EACH  required: work-items that share a chunk
//           OPTIMIZER   required: 0 sgd (paper), 1 sgd (pytorch), 2 adam, 3 adamw, 4 rmsprop, 5 lars
//           MOMENTUM    required: whether the optimiser has a velocity
//           NESTEROV    required: whether sgd looks ahead

#include "common/tensor.clh"

#ifndef OPTIMIZER
#error "optimizer.cl: OPTIMIZER is missing"
#endif
#ifndef LANES_EACH
#error "optimizer.cl: LANES_EACH is missing"
#endif
#ifndef MOMENTUM
#error "optimizer.cl: MOMENTUM is missing"
#endif
#ifndef NESTEROV
#error "optimizer.cl: NESTEROV is missing"
#endif

static inline size_t chunk_start(global const float *chunk) {
  return (size_t)as_uint(chunk[0]) | (size_t)as_uint(chunk[1]) << 32;
}

// What an optimiser is told for one step. `a` and `b` are its constants: momentum; beta1 and beta2;
// or decay and momentum. `c1` and `c2` are Adam's corrections 1/(1 - beta1^t) and 1/(1 - beta2^t).
#define STEP_ARGUMENTS                                                                             \
  const float rate, const float decay, const float a, const float b, const float c1, const float c2, \
      const float epsilon

// Defines the step for one element type; T is float or a vector of floats.
#if OPTIMIZER == 0 || OPTIMIZER == 5
#define DEFINE_STEP(T, NAME)                                                                       \
  static inline T NAME(const T w, const T grad, T *m, T *v, STEP_ARGUMENTS) {                      \
    const T change = rate * (grad + decay * w);                                                    \
    if (!MOMENTUM) {                                                                               \
      return w - change;                                                                           \
    }                                                                                              \
    *m = a * *m - change;                                                                          \
    return NESTEROV ? w + a * *m - change : w + *m;                                                \
  }
#elif OPTIMIZER == 1
#define DEFINE_STEP(T, NAME)                                                                       \
  static inline T NAME(const T w, const T grad, T *m, T *v, STEP_ARGUMENTS) {                      \
    const T g = grad + decay * w;                                                                  \
    if (!MOMENTUM) {                                                                               \
      return w - rate * g;                                                                         \
    }                                                                                              \
    *m = a * *m + g;                                                                               \
    return w - rate * (NESTEROV ? g + a * *m : *m);                                                \
  }
#elif OPTIMIZER == 2 || OPTIMIZER == 3
#define DEFINE_STEP(T, NAME)                                                                       \
  static inline T NAME(const T w, const T grad, T *m, T *v, STEP_ARGUMENTS) {                      \
    const T g = OPTIMIZER == 2 ? grad + decay * w : grad;                                          \
    const T shrunk = OPTIMIZER == 3 ? w - rate * decay * w : w;                                    \
    *m = a * *m + (1 - a) * g;                                                                     \
    *v = b * *v + (1 - b) * g * g;                                                                 \
    return shrunk - rate * (c1 * *m) / (sqrt(c2 * *v) + epsilon);                                  \
  }
#elif OPTIMIZER == 4
#define DEFINE_STEP(T, NAME)                                                                       \
  static inline T NAME(const T w, const T grad, T *m, T *v, STEP_ARGUMENTS) {                      \
    const T g = grad + decay * w;                                                                  \
    *m = a * *m + (1 - a) * g * g;                                                                 \
    const T change = g / (sqrt(*m) + epsilon);                                                     \
    if (!MOMENTUM) {                                                                               \
      return w - rate * change;                                                                    \
    }                                                                                              \
    *v = b * *v + change;                                                                          \
    return w - rate * *v;                                                                          \
  }
#else
#error "optimizer.cl: OPTIMIZER must be 0 to 5"
#endif

DEFINE_STEP(float, step_one)
#if VECTOR == 1
#define step_all step_one
#else
DEFINE_STEP(real, step_all)
#endif

// Which memories there are.
#define HAS_FIRST (MOMENTUM || OPTIMIZER == 2 || OPTIMIZER == 3 || OPTIMIZER == 4)
#define HAS_SECOND (OPTIMIZER == 2 || OPTIMIZER == 3 || (OPTIMIZER == 4 && MOMENTUM))

kernel void optimizer_step(global float *restrict weights, global const float *restrict gradients,
                           global float *restrict first, global float *restrict second,
                           global const float *restrict chunks,
                           global const float *restrict factors, global const float *restrict norms,
                           global const float *restrict total, const float learning_rate,
                           const float weight_decay, const float a, const float b, const float c1,
                           const float c2, const float epsilon, const float trust) {
  global const float *chunk = chunks + 4 * get_global_id(2);
  const size_t start = chunk_start(chunk);
  const int count = as_int(chunk[2]);
  const int tensor = as_int(chunk[3]);
  const float clip = total[1];
  const float decay = weight_decay * factors[2 * tensor + 1];
  float rate = learning_rate * factors[2 * tensor];
#if OPTIMIZER == 5
  const float gradient_norm = clip * sqrt(norms[2 * tensor]);
  const float weight_norm = sqrt(norms[2 * tensor + 1]);
  if (gradient_norm > 0 && weight_norm > 0 && factors[2 * tensor + 1] > 0) {
    rate *= trust * weight_norm / (gradient_norm + decay * weight_norm + epsilon);
  }
#endif
  const int whole = count / VECTOR * VECTOR;
  for (int i = get_global_id(0) * VECTOR; i < whole; i += get_global_size(0) * VECTOR) {
    const size_t at = start + i;
    real m = HAS_FIRST ? load(first + at) : (real)(0);
    real v = HAS_SECOND ? load(second + at) : (real)(0);
    const real w = load(weights + at);
    store(step_all(w, clip * load(gradients + at), &m, &v, rate, decay, a, b, c1, c2, epsilon),
          weights + at);
    if (HAS_FIRST) {
      store(m, first + at);
    }
    if (HAS_SECOND) {
      store(v, second + at);
    }
  }
  for (int i = whole + get_global_id(0); i < count; i += get_global_size(0)) {
    const size_t at = start + i;
    float m = HAS_FIRST ? first[at] : 0;
    float v = HAS_SECOND ? second[at] : 0;
    weights[at] = step_one(weights[at], clip * gradients[at], &m, &v, rate, decay, a, b, c1, c2,
                           epsilon);
    if (HAS_FIRST) {
      first[at] = m;
    }
    if (HAS_SECOND) {
      second[at] = v;
    }
  }
}

static inline float sum_of(const real x) {
  float lanes[VECTOR];
  spill(x, lanes);
  float sum = 0;
  for (int i = 0; i < VECTOR; i++) {
    sum += lanes[i];
  }
  return sum;
}

kernel void optimizer_squares(global const float *restrict weights,
                              global const float *restrict gradients,
                              global const float *restrict chunks, global float *restrict partial) {
  const size_t index = get_global_id(2);
  global const float *chunk = chunks + 4 * index;
  const size_t start = chunk_start(chunk);
  const int count = as_int(chunk[2]);
  const int whole = count / VECTOR * VECTOR;
  real of_gradients = 0;
  real of_weights = 0;
  for (int i = get_global_id(0) * VECTOR; i < whole; i += LANES_EACH * VECTOR) {
    const real g = load(gradients + start + i);
    const real w = load(weights + start + i);
    of_gradients += g * g;
    of_weights += w * w;
  }
  float gradient_sum = sum_of(of_gradients);
  float weight_sum = sum_of(of_weights);
  for (int i = whole + get_global_id(0); i < count; i += LANES_EACH) {
    const float g = gradients[start + i];
    const float w = weights[start + i];
    gradient_sum += g * g;
    weight_sum += w * w;
  }
  global float *out = partial + 2 * (index * LANES_EACH + get_global_id(0));
  out[0] = gradient_sum;
  out[1] = weight_sum;
}

kernel void optimizer_norms(global const float *restrict tensors, global const float *restrict partial,
                            global float *restrict norms) {
  const int tensor = get_global_id(0);
  const size_t begin = (size_t)as_int(tensors[2 * tensor]) * LANES_EACH;
  const size_t end = begin + (size_t)as_int(tensors[2 * tensor + 1]) * LANES_EACH;
  float gradients = 0;
  float weights = 0;
  for (size_t i = begin; i < end; i++) {
    gradients += partial[2 * i];
    weights += partial[2 * i + 1];
  }
  norms[2 * tensor] = gradients;
  norms[2 * tensor + 1] = weights;
}

// clip is the largest norm that all gradients together may have; 0 stands for any.
kernel void optimizer_total(global const float *restrict norms, const int tensors, const float clip,
                            global float *restrict total) {
  float squares = 0;
  for (int i = 0; i < tensors; i++) {
    squares += norms[2 * i];
  }
  const float norm = sqrt(squares);
  total[0] = squares;
  total[1] = clip > 0 && norm > clip ? clip / norm : 1.0f;
}
