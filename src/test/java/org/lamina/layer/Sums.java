package org.lamina.layer;

/** Sums of products, with what is needed to say how well floats can add them up. */
final class Sums {

  private final double[] values;
  private final double[] magnitudes;
  private final int[] terms;

  Sums(int length) {
    values = new double[length];
    magnitudes = new double[length];
    terms = new int[length];
  }

  void add(int index, double term) {
    values[index] += term;
    magnitudes[index] += Math.abs(term);
    terms[index]++;
  }

  /** Returns the sums, each allowed an error of 8·√K·2⁻²⁴·Σ|terms|, the usual model of rounding. */
  Reference.Result result() {
    double[] allowed = new double[values.length];
    for (int i = 0; i < allowed.length; i++) {
      allowed[i] = 8 * Math.sqrt(terms[i]) * Reference.ROUNDING * magnitudes[i];
    }
    return new Reference.Result(values, allowed);
  }
}
