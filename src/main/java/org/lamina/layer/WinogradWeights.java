package org.lamina.layer;

import java.nio.FloatBuffer;

/** Transforms the filters of a convolution for {@code opencl/convolution_winograd.cl}. */
final class WinogradWeights {

  // The points at which the polynomials are evaluated, without infinity.
  private static final double[] POINTS = {0, 1, -1, 2, -2};

  private final Convolution layer;
  private final WinogradGeometry geometry;
  private final int channels;
  private final double[][] transform;

  /**
   * Prepares to transform.
   *
   * @param channels channels of a group as the weights have them, before a stride was turned into
   *     channels
   */
  WinogradWeights(Convolution layer, WinogradGeometry geometry, int channels) {
    this.layer = layer;
    this.geometry = geometry;
    this.channels = channels;
    transform = transform(geometry.alpha(), geometry.taps());
  }

  /**
   * Returns G, [alpha, taps]: row i holds the powers of point p_i over the product of all its
   * differences to the other points, the last row picks the last tap.
   */
  static double[][] transform(int alpha, int taps) {
    double[][] g = new double[alpha][taps];
    for (int i = 0; i < alpha - 1; i++) {
      double power = 1;
      for (int j = 0; j < alpha - 1; j++) {
        power /= i == j ? 1 : POINTS[i] - POINTS[j];
      }
      // B has its first row with the other sign for 4 points: d0 - d2 and not d2 - d0.
      power *= alpha == 4 && i == 0 ? -1 : 1;
      for (int tap = 0; tap < taps; tap++) {
        g[i][tap] = power;
        power *= POINTS[i];
      }
    }
    g[alpha - 1][taps - 1] = 1;
    return g;
  }

  /**
   * Turns [OUT_C, IC, KH, KW] into [groups, items, points, parts of an item, depth, filters].
   *
   * @param filters neighbouring filters that stand side by side
   * @param span parts of {@code filters} filters that a work-item makes; the last one of a group
   *     may make fewer
   */
  void pack(float[] weights, int filters, int span, FloatBuffer out) {
    int inGroup = layer.filters() / layer.groups();
    int parts = (inGroup + filters - 1) / filters;
    for (int group = 0; group < layer.groups(); group++) {
      int first = group * inGroup;
      int whole = parts / span;
      packItems(weights, first, whole, span, filters, out);
      if (parts % span > 0) {
        packItems(weights, first + whole * span * filters, 1, parts % span, filters, out);
      }
    }
  }

  private void packItems(
      float[] weights, int first, int items, int span, int filters, FloatBuffer out) {
    int depth = geometry.depth();
    int points = geometry.points();
    int inGroup = layer.filters() / layer.groups();
    int end = (first / inGroup + 1) * inGroup;
    StoredWeights.pack(
        Precision.SINGLE,
        items,
        points * span * depth * filters,
        (item, packed) -> {
          double[] transformed = new double[points];
          int begin = first + item * span * filters;
          for (int i = 0; i < Math.min(span * filters, end - begin); i++) {
            for (int c = 0; c < depth; c++) {
              transform(weights, begin + i, c, transformed);
              int at = (i / filters * depth + c) * filters + i % filters;
              for (int point = 0; point < points; point++) {
                packed[point * span * depth * filters + at] = (float) transformed[point];
              }
            }
          }
        },
        out);
  }

  /** Writes G g G' of one channel of one filter. */
  private void transform(float[] weights, int filter, int c, double[] transformed) {
    int taps = geometry.taps();
    int alpha = geometry.alpha();
    double[] columns = new double[alpha * taps];
    for (int i = 0; i < taps; i++) {
      for (int j = 0; j < taps; j++) {
        double weight = weight(weights, filter, c, i, j);
        for (int a = 0; a < alpha; a++) {
          columns[a * taps + j] += transform[a][i] * weight;
        }
      }
    }
    for (int a = 0; a < alpha; a++) {
      for (int b = 0; b < alpha; b++) {
        double sum = 0;
        for (int j = 0; j < taps; j++) {
          sum += columns[a * taps + j] * transform[b][j];
        }
        transformed[a * alpha + b] = sum;
      }
    }
  }

  /** Returns a weight of the convolution without a stride. */
  private float weight(float[] weights, int filter, int c, int i, int j) {
    int step = geometry.step();
    int kh = i * step + c / step % step;
    int kw = j * step + c % step;
    int side = layer.kernel().h();
    int channel = c / (step * step);
    return kh < side && kw < side
        ? weights[((filter * channels + channel) * side + kh) * side + kw]
        : 0;
  }
}
