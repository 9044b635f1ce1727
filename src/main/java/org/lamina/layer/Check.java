package org.lamina.layer;

import java.util.List;
import java.util.Locale;
import org.lamina.tensor.Chw;

/** Checks shared by the layers; every message names the value that failed. */
public final class Check {

  private Check() {}

  /**
   * Throws unless {@code holds}; the message is formatted without regard to the user's locale.
   *
   * @throws InvalidParameterException if it does not hold
   */
  public static void that(boolean holds, String parameter, String problem, Object... values) {
    if (!holds) {
      throw new InvalidParameterException(parameter, String.format(Locale.ROOT, problem, values));
    }
  }

  /**
   * Throws unless a number is large enough.
   *
   * @throws InvalidParameterException if it is smaller than {@code minimum}
   */
  public static void atLeast(String parameter, int minimum, int value) {
    that(
        value >= minimum,
        parameter,
        "%s must be at least %d, but is %d",
        parameter,
        minimum,
        value);
  }

  /**
   * Throws unless height and width are large enough.
   *
   * @throws InvalidParameterException if either is smaller than {@code minimum}
   */
  public static void atLeast(String parameter, int minimum, Extent value) {
    that(
        value.h() >= minimum && value.w() >= minimum,
        parameter,
        "%s must be at least %d, but is %s",
        parameter,
        minimum,
        value);
  }

  /**
   * Throws unless all four sides are at least 0.
   *
   * @throws InvalidParameterException if any is negative
   */
  public static void notNegative(String parameter, Padding value) {
    that(
        value.top() >= 0 && value.left() >= 0 && value.bottom() >= 0 && value.right() >= 0,
        parameter,
        "%s must be at least 0 on every side, but is %s",
        parameter,
        value);
  }

  /**
   * Throws unless a value is a finite number.
   *
   * @throws InvalidParameterException if it is infinite or NaN
   */
  public static void finite(String parameter, double value) {
    that(
        Double.isFinite(value),
        parameter,
        "%s must be a finite number, but is %s",
        parameter,
        value);
  }

  /**
   * Returns a count as an int, the type of all extents.
   *
   * @throws InvalidParameterException if it is too large for one
   */
  public static int fitsInt(String parameter, String what, long count) {
    that(
        count <= Integer.MAX_VALUE,
        parameter,
        "the layer is limited to %d %s, but would have %d",
        Integer.MAX_VALUE,
        what,
        count);
    return (int) count;
  }

  /**
   * Returns the product of two counts of operations.
   *
   * @throws InvalidParameterException if it is too large for a long
   */
  public static long product(String parameter, long a, long b) {
    that(
        Math.multiplyHigh(a, b) == 0 && a * b >= 0,
        parameter,
        "the layer would do more than 2^63 operations: %d times %d",
        a,
        b);
    return a * b;
  }

  /**
   * Returns the only input.
   *
   * @throws InvalidParameterException if there are none or several
   */
  public static Chw only(List<Chw> inputs) {
    that(inputs.size() == 1, "from", "the layer takes exactly 1 input, but has %d", inputs.size());
    return inputs.get(0);
  }

  /**
   * Returns how many times a window of {@code kernel} pixels, spread by {@code dilation}, fits
   * along one axis: {@code floor((in + before + after - span) / stride) + 1} with {@code span =
   * dilation * (kernel - 1) + 1}.
   *
   * <p>The comparison comes before the division: Java, like C, rounds towards zero, so {@code (2 -
   * 3) / 2 + 1} would report one window where there is none.
   *
   * @throws InvalidParameterException if the window is larger than the padded input
   */
  public static int slide(
      String axis, int in, int kernel, int dilation, int stride, int before, int after) {
    long span = (long) dilation * (kernel - 1) + 1;
    long padded = (long) in + before + after;
    that(
        span <= padded,
        "kernel",
        "a window of %s %d%s does not fit the input of %s %d%s",
        axis,
        kernel,
        dilation == 1 ? "" : " with dilation " + dilation + " (" + span + " pixels)",
        axis,
        in,
        before + after == 0 ? "" : " padded to " + padded);
    return Math.toIntExact((padded - span) / stride + 1);
  }
}
