package org.lamina.weights;

/**
 * Two uniform numbers become two independent normal ones.
 *
 * <pre>
 *   z0 = sqrt(-2 ln u) cos(2 pi v)      u = (a + 1) / 2^32, in (0, 1]
 *   z1 = sqrt(-2 ln u) sin(2 pi v)      v = b / 2^32, in [0, 1)
 * </pre>
 *
 * <p>Logarithm, sine and cosine are polynomials of our own: only additions, multiplications,
 * divisions and square roots, which Java rounds alike everywhere, so that a seed means the same
 * bits on every machine; {@code Math.log} and its like may differ in the last place. The
 * polynomials err by less than 2e-10, far below the rounding of a float. |z| is at most 6.66.
 *
 * <p>Source: Box and Muller, "A note on the generation of random normal deviates" (1958).
 */
final class BoxMuller {

  private static final double LN_2 = 0.6931471805599453;
  private static final double SQRT_2 = 1.4142135623730951;
  private static final double RADIANS = 6.283185307179586 * 0x1p-32;
  private static final int EIGHTH = 1 << 29;

  private BoxMuller() {}

  /** Stores z0 and z1 made of the words a and b. */
  static void pair(int a, int b, double[] z, int at) {
    double radius = Math.sqrt(-2 * ln(((a & 0xFFFFFFFFL) + 1) * 0x1p-32));
    // The quarter nearest to the angle, and the rest, at most an eighth of a turn either way.
    int quarter = b + EIGHTH >>> 30;
    double rest = (b - (quarter << 30)) * RADIANS;
    double sin = sin(rest);
    double cos = cos(rest);
    boolean swap = (quarter & 1) != 0;
    double x = swap ? sin : cos;
    double y = swap ? cos : sin;
    z[at] = radius * (quarter == 1 || quarter == 2 ? -x : x);
    z[at + 1] = radius * (quarter >= 2 ? -y : y);
  }

  /**
   * Natural logarithm of a normal positive number: {@code ln(m 2^e) = e ln 2 + 2 artanh((m - 1) /
   * (m + 1))} with m in [1/sqrt 2, sqrt 2], the series of artanh up to the 13th power.
   */
  static double ln(double x) {
    long bits = Double.doubleToRawLongBits(x);
    long exponent = (bits >>> 52) - 1023;
    double m = Double.longBitsToDouble(bits & 0xFFFFFFFFFFFFFL | 1023L << 52);
    if (m > SQRT_2) {
      m *= 0.5;
      exponent++;
    }
    double s = (m - 1) / (m + 1);
    double s2 = s * s;
    double series = 1.0 / 11 + s2 * (1.0 / 13);
    series = 1.0 / 7 + s2 * (1.0 / 9 + s2 * series);
    series = 1.0 / 3 + s2 * (1.0 / 5 + s2 * series);
    return exponent * LN_2 + 2 * s * (1 + s2 * series);
  }

  /** Taylor's series up to the 11th power, for |x| of at most pi/4. */
  static double sin(double x) {
    double x2 = x * x;
    double series = 1.0 / 362880 - x2 * (1.0 / 39916800);
    series = 1.0 / 120 - x2 * (1.0 / 5040 - x2 * series);
    return x * (1 - x2 * (1.0 / 6 - x2 * series));
  }

  /** Taylor's series up to the 10th power, for |x| of at most pi/4. */
  static double cos(double x) {
    double x2 = x * x;
    double series = 1.0 / 40320 - x2 * (1.0 / 3628800);
    series = 1.0 / 24 - x2 * (1.0 / 720 - x2 * series);
    return 1 - x2 * (1.0 / 2 - x2 * series);
  }
}
