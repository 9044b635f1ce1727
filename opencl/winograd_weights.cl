// Transforms the filters of a convolution for convolution_winograd.cl, where training changes them.
//
//   packed = G g G'    for every filter g of every channel
//   G[i,t] = p_i^t / product over j != i of (p_i - p_j), the last row picks the last tap, with the points
//   p = 0, 1, -1, 2, -2 for ALPHA = 6 and 0, 1, -1 for ALPHA = 4, whose first row has the other sign
//
// Tensors
//   source    the parameter: element (o, c, kh, kw) of a group lies at source_offset + base +
//             group*group_step + o*out_step + c*in_step + (kh*side + kw)*tap_step. The way back has
//             outputs and inputs exchanged and the window turned round: tap_step is -1 there
//   packed    [groups, work-items of a group, ALPHA^2, parts of an item, depth, filters]: `filters`
//             neighbouring filters stand side by side, zeros beyond the last one of a group; a
//             work-item has `span` parts, the last one of a group what is left
//
// Work-items   (group*parts + part, channel, 1): all filters of a part, VECTOR at a time; channels of a
//              convolution with a stride `apart` are those of space_to_depth.cl
//
// Macros    VECTOR   required: channels in a block: 4, 8 or 16; 1 for convolution_winograd_gpu.cl
//           ALPHA    required: 4 or 6

#include "common/tensor.clh"

#ifndef ALPHA
#error "winograd_weights.cl: ALPHA is missing"
#endif

#define MOST_TAPS 5

constant float points[5] = {0.0f, 1.0f, -1.0f, 2.0f, -2.0f};
#if ALPHA == 6
constant float factors[5] = {0.25f, -1.0f / 6, -1.0f / 6, 1.0f / 24, 1.0f / 24};
#else
constant float factors[3] = {1.0f, 0.5f, 0.5f};
#endif

kernel __attribute__((reqd_work_group_size(1, 1, 1))) void winograd_weights(
    global const float *restrict source, const ulong source_offset, global float *restrict packed,
    const int parts, const int span, const int depth, const int outs, const int filters, const int taps,
    const int apart, const int side, const int base, const int group_step, const int out_step,
    const int in_step, const int tap_step) {
  const int group = get_global_id(0) / parts;
  const int part = get_global_id(0) % parts;
  const int c = get_global_id(1);
  const int above = c / apart % apart;
  const int left = c % apart;
  global const float *from =
      source + source_offset + base + (long)group * group_step + (long)(c / (apart * apart)) * in_step;
  const int item = part / span * span;
  const int there = min(span, parts - item);
  for (int first = 0; first < filters; first += VECTOR) {
    real columns[ALPHA][MOST_TAPS];
    for (int j = 0; j < taps; ++j) {
      real g[MOST_TAPS];
      for (int i = 0; i < taps; ++i) {
        const int kh = i * apart + above;
        const int kw = j * apart + left;
        float lanes[VECTOR];
        for (int lane = 0; lane < VECTOR; ++lane) {
          const int o = part * filters + first + lane;
          const bool there = o < outs && kh < side && kw < side;
          lanes[lane] = there ? from[(long)o * out_step + (kh * side + kw) * tap_step] : 0.0f;
        }
        g[i] = fill(lanes);
      }
      for (int a = 0; a < ALPHA - 1; ++a) {
        real sum = g[taps - 1];  // Horner's rule: sum of g[i] * p^i
        for (int i = taps - 2; i >= 0; --i) {
          sum = fma(sum, (real)(points[a]), g[i]);
        }
        columns[a][j] = factors[a] * sum;
      }
      columns[ALPHA - 1][j] = g[taps - 1];
    }
    for (int a = 0; a < ALPHA; ++a) {
      for (int b = 0; b < ALPHA; ++b) {
        real sum = columns[a][taps - 1];
        if (b < ALPHA - 1) {
          for (int j = taps - 2; j >= 0; --j) {
            sum = fma(sum, (real)(points[b]), columns[a][j]);
          }
          sum *= factors[b];
        }
        const size_t row = (size_t)(group * parts + item) * ALPHA * ALPHA +
                           (a * ALPHA + b) * there + part - item;
        store(sum, packed + (row * depth + c) * filters + first);
      }
    }
  }
}
