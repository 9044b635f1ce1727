package org.lamina.layer;

/**
 * How a parameter is filled before anything is learned.
 *
 * <p>In YAML: a number for {@link Constant}; otherwise the name, alone or with its fields: {@code
 * xavier}, {@code {normal: {std: 0.01}}}, {@code {kaiming: {mode: fan_out}}}.
 */
public sealed interface Initializer {

  /** Which neighbours of a weight set the spread of {@link Xavier} and {@link Kaiming}. */
  enum Mode {
    /** The number of inputs summed by an output: keeps the variance going forward. */
    FAN_IN,
    /** The number of outputs fed by an input: keeps the variance of gradients going back. */
    FAN_OUT,
    /** The mean of both. */
    AVERAGE
  }

  /**
   * Every element is the same.
   *
   * @param value that element
   */
  @Key("constant")
  record Constant(double value) implements Initializer {}

  /**
   * Normally distributed elements, N(mean, std²).
   *
   * @param mean their mean
   * @param std their standard deviation, at least 0
   */
  @Key("normal")
  record Normal(@Default("0") double mean, @Default("0.01") double std) implements Initializer {
    /**
     * @throws InvalidParameterException if std is negative
     */
    public Normal {
      Check.that(std >= 0, "std", "std must be at least 0, but is %s", std);
    }
  }

  /**
   * Uniformly distributed elements in [low, high).
   *
   * @param low the smallest value
   * @param high the upper bound, at least {@code low}
   */
  @Key("uniform")
  record Uniform(@Default("-0.05") double low, @Default("0.05") double high)
      implements Initializer {
    /**
     * @throws InvalidParameterException if high is smaller than low
     */
    public Uniform {
      Check.that(
          high >= low, "high", "high must be at least low, but is %s where low is %s", high, low);
    }
  }

  /**
   * Uniform in ±sqrt(3 / n), so that the variance is 1/n (Glorot and Bengio 2010, equation 16,
   * where n is the mean of both fans; Caffe's default is {@code fan_in}).
   *
   * @param mode what n counts
   */
  @Key("xavier")
  record Xavier(@Default("average") Mode mode) implements Initializer {}

  /**
   * Normal with standard deviation sqrt(2 / n): the variance that rectified units keep (He, Zhang,
   * Ren and Sun 2015, equations 10 and 14).
   *
   * @param mode what n counts
   */
  @Key("kaiming")
  record Kaiming(@Default("fan_in") Mode mode) implements Initializer {}
}
