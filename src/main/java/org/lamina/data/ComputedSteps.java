package org.lamina.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Preprocessing.Std;
import org.lamina.network.Preprocessing.Step;

/** Puts the means and standard deviations of a training set where a network asks for them. */
public final class ComputedSteps {

  /** So many digits are kept, that the numbers can be read. */
  private static final MathContext DIGITS = new MathContext(6);

  private final double[] means;
  private final double[] deviations;

  private ComputedSteps(PixelStatistics pixels) {
    means = IntStream.range(0, pixels.channels()).mapToDouble(pixels::mean).toArray();
    deviations = IntStream.range(0, pixels.channels()).mapToDouble(pixels::std).toArray();
  }

  /** Returns whether a network's preprocessing has a mean or std that is to be computed. */
  public static boolean isNeeded(Network network) {
    return network.preprocessing().steps().stream().anyMatch(ComputedSteps::isComputed);
  }

  private static boolean isComputed(Step step) {
    return step instanceof Mean mean && mean.values().isEmpty()
        || step instanceof Std std && std.values().isEmpty();
  }

  /**
   * Returns the network with numbers, of six digits, in place of the words: for each channel the
   * mean, or the standard deviation, of what the steps before leave.
   *
   * @param pixels of the training set, before the first scale, mean or std
   * @throws NetworkException if a channel has the same value everywhere and would be divided by 0
   */
  public static Network resolve(Network network, PixelStatistics pixels) {
    ComputedSteps computed = new ComputedSteps(pixels);
    List<Step> steps = new ArrayList<>();
    for (Step step : network.preprocessing().steps()) {
      steps.add(computed.next(step));
    }
    return network.edit().preprocess(steps.toArray(Step[]::new)).build();
  }

  /** Returns a step with its numbers, and follows what it does to the pixels. */
  private Step next(Step step) {
    Step known = step;
    if (isComputed(step)) {
      known = step instanceof Mean ? new Mean(rounded(means)) : new Std(spread());
    }
    if (known instanceof Scale scale) {
      change(means, i -> scale.factor(), (value, factor) -> value * factor);
      change(deviations, i -> Math.abs(scale.factor()), (value, factor) -> value * factor);
    } else if (known instanceof Mean mean) {
      change(means, i -> of(mean.values(), i), (value, subtracted) -> value - subtracted);
    } else if (known instanceof Std std) {
      change(means, i -> of(std.values(), i), (value, divisor) -> value / divisor);
      change(deviations, i -> Math.abs(of(std.values(), i)), (value, divisor) -> value / divisor);
    }
    return known;
  }

  private static double of(List<Double> values, double channel) {
    return values.get(values.size() == 1 ? 0 : (int) channel);
  }

  private static void change(
      double[] values, DoubleUnaryOperator argument, DoubleBinaryOperator operation) {
    for (int i = 0; i < values.length; i++) {
      values[i] = operation.applyAsDouble(values[i], argument.applyAsDouble(i));
    }
  }

  private List<Double> spread() {
    List<Double> spread = rounded(deviations);
    if (spread.contains(0.0)) {
      throw new NetworkException(
          "",
          "preprocess",
          "std: a channel has the same value in all pictures of the training set, so nothing can be"
              + " divided by its standard deviation");
    }
    return spread;
  }

  private static List<Double> rounded(double[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> new BigDecimal(values[i]).round(DIGITS).doubleValue())
        .toList();
  }
}
