package org.lamina.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/**
 * An exact number: {@code 96 * 0.1 * 10} is 96, and {@code 1/3 * 3} is 1.
 *
 * @param numerator over the denominator, in lowest terms
 * @param denominator at least 1
 */
record Fraction(BigInteger numerator, BigInteger denominator) {

  /** Enough for every finite double; keeps expressions from growing without end. */
  private static final int MAX_BITS = 2200;

  private static final int MAX_DIGITS = 700;

  /**
   * @throws ArithmeticException if the denominator is 0 or the number needs too many digits
   */
  Fraction {
    if (denominator.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    BigInteger divisor = numerator.gcd(denominator);
    divisor = denominator.signum() < 0 ? divisor.negate() : divisor;
    numerator = numerator.divide(divisor);
    denominator = denominator.divide(divisor);
    if (numerator.bitLength() > MAX_BITS || denominator.bitLength() > MAX_BITS) {
      throw new ArithmeticException("the number is too large or too fine");
    }
  }

  /**
   * Returns the number that a decimal text stands for.
   *
   * @throws ArithmeticException if it needs too many digits
   */
  static Fraction of(String decimal) {
    if (decimal.length() > MAX_DIGITS) {
      throw new ArithmeticException("the number is too large or too fine");
    }
    BigDecimal value;
    try {
      value = new BigDecimal(decimal);
    } catch (NumberFormatException e) {
      // The text matched a number's pattern, so only its exponent can be beyond BigDecimal.
      throw new ArithmeticException("the number is too large or too fine");
    }
    if (Math.abs((long) value.scale()) > MAX_DIGITS) {
      throw new ArithmeticException("the number is too large or too fine");
    }
    return value.scale() > 0
        ? new Fraction(value.unscaledValue(), BigInteger.TEN.pow(value.scale()))
        : new Fraction(value.toBigIntegerExact(), BigInteger.ONE);
  }

  Fraction plus(Fraction other) {
    return new Fraction(
        numerator.multiply(other.denominator).add(other.numerator.multiply(denominator)),
        denominator.multiply(other.denominator));
  }

  Fraction times(Fraction other) {
    return new Fraction(
        numerator.multiply(other.numerator), denominator.multiply(other.denominator));
  }

  Fraction dividedBy(Fraction other) {
    return new Fraction(
        numerator.multiply(other.denominator), denominator.multiply(other.numerator));
  }

  Fraction negated() {
    return new Fraction(numerator.negate(), denominator);
  }

  boolean isWhole() {
    return denominator.equals(BigInteger.ONE);
  }

  /** Returns the nearest double; infinite if it is beyond their range. */
  double toDouble() {
    return new BigDecimal(numerator)
        .divide(new BigDecimal(denominator), MathContext.DECIMAL128)
        .doubleValue();
  }

  /** Returns the number in decimals, to at most six significant digits if it is not whole. */
  @Override
  public String toString() {
    return isWhole()
        ? numerator.toString()
        : new BigDecimal(numerator)
            .divide(new BigDecimal(denominator), new MathContext(6))
            .stripTrailingZeros()
            .toString();
  }
}
