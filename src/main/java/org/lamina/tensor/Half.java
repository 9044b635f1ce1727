package org.lamina.tensor;

/**
 * The two 16-bit floating-point formats, as bit patterns: IEEE 754 binary16 and bfloat16.
 *
 * <p>Widening is exact. Narrowing rounds to the nearest, ties to even; what is too large becomes
 * infinite, NaN stays NaN.
 */
public final class Half {

  private static final int SIGN = 0x8000;
  private static final int INFINITE = 0x7C00;
  private static final int QUIET_NAN = 0x7E00;

  private Half() {}

  /** Returns the value of a binary16 pattern. */
  public static float toFloat(short bits) {
    int sign = (bits & SIGN) << 16;
    int exponent = bits >>> 10 & 0x1F;
    int mantissa = bits & 0x3FF;
    if (exponent == 0x1F) {
      return Float.intBitsToFloat(sign | 0x7F800000 | mantissa << 13);
    }
    if (exponent == 0) {
      // A subnormal half is a multiple of 2^-24: the product is exact.
      float magnitude = mantissa * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | exponent + 112 << 23 | mantissa << 13);
  }

  /** Returns the binary16 pattern nearest to a value; 65520 and above become infinite. */
  public static short fromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = bits >>> 16 & SIGN;
    float magnitude = Math.abs(value);
    if (Float.isNaN(value)) {
      return (short) (sign | QUIET_NAN);
    }
    if (magnitude >= 65520f) {
      return (short) (sign | INFINITE);
    }
    if (magnitude < 0x1p-14f) {
      // Subnormal: scaled to an integer exactly; rint ties to even.
      return (short) (sign | (int) Math.rint(magnitude * 0x1p24));
    }
    int rebased = (bits & 0x7FFFFFFF) - (112 << 23);
    int halfUnit = 0xFFF + (rebased >>> 13 & 1);
    return (short) (sign | rebased + halfUnit >>> 13);
  }

  /** Returns the value of a bfloat16 pattern: the upper half of a float. */
  public static float bfloatToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** Returns the bfloat16 pattern nearest to a value. */
  public static short bfloatFromFloat(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
  }
}
