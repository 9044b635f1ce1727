package org.lamina.weights;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.lamina.layer.Initializer;
import org.lamina.layer.Parameter;
import org.lamina.tensor.Philox;

/**
 * Fills parameters with their first values.
 *
 * <p>Element {@code i} of a parameter depends on the seed, the parameter's name and {@code i}
 * alone: neither the order in which parameters are filled nor the number of threads changes a bit.
 * Word {@code i mod 4} of block {@code i / 4} of the Philox stream that the name gives is its
 * random number; a pair of words makes a pair of normal numbers.
 */
public final class Initializers {

  /** Elements that one task fills; a multiple of a block's. */
  private static final int TASK = 1 << 15;

  private Initializers() {}

  /** Makes values of the words of one block: {@code values[i]} belongs to {@code words[i]}. */
  @FunctionalInterface
  private interface Distribution {
    void apply(int[] words, double[] values);
  }

  /**
   * Returns the first values of a parameter.
   *
   * <ul>
   *   <li>constant: the value
   *   <li>uniform: {@code low + (high - low) * u}, u in [0, 1) in steps of 2^-32, rounded to float
   *       but never up to {@code high}
   *   <li>normal: {@code mean + std * z}, z by Box and Muller's transform
   *   <li>Xavier: uniform in ±sqrt(3 / n); Kaiming: normal with std sqrt(2 / n), where n is the
   *       parameter's fan-in, fan-out or their mean
   * </ul>
   *
   * @param parameter gives the shape, the initialiser and the fans
   * @param name what the parameter is stored as
   * @param seed chooses one of 2^64 sets of numbers
   */
  public static float[] fill(Parameter parameter, String name, long seed) {
    float[] values = new float[Math.toIntExact(parameter.shape().volume())];
    Initializer initializer = parameter.initializer();
    if (initializer instanceof Initializer.Constant constant) {
      Arrays.fill(values, (float) constant.value());
    } else if (initializer instanceof Initializer.Normal normal) {
      fill(values, seed, name, normal(normal.mean(), normal.std()));
    } else if (initializer instanceof Initializer.Uniform uniform) {
      fill(values, seed, name, uniform(uniform.low(), uniform.high()));
    } else if (initializer instanceof Initializer.Xavier xavier) {
      double bound = Math.sqrt(3 / fans(parameter, xavier.mode()));
      fill(values, seed, name, uniform(-bound, bound));
    } else if (initializer instanceof Initializer.Kaiming kaiming) {
      fill(values, seed, name, normal(0, Math.sqrt(2 / fans(parameter, kaiming.mode()))));
    } else {
      throw new IllegalStateException("no rule for the initialiser " + initializer);
    }
    return values;
  }

  private static double fans(Parameter parameter, Initializer.Mode mode) {
    return switch (mode) {
      case FAN_IN -> parameter.fanIn();
      case FAN_OUT -> parameter.fanOut();
      case AVERAGE -> (parameter.fanIn() + parameter.fanOut()) / 2.0;
    };
  }

  private static Distribution normal(double mean, double std) {
    return (words, values) -> {
      BoxMuller.pair(words[0], words[1], values, 0);
      BoxMuller.pair(words[2], words[3], values, 2);
      for (int i = 0; i < Philox.WORDS; i++) {
        values[i] = mean + std * values[i];
      }
    };
  }

  private static Distribution uniform(double low, double high) {
    float nearest = (float) high;
    double most = nearest >= high && high > low ? Math.nextDown(nearest) : nearest;
    return (words, values) -> {
      for (int i = 0; i < Philox.WORDS; i++) {
        double u = (words[i] & 0xFFFFFFFFL) * 0x1p-32;
        values[i] = Math.min((float) (low + (high - low) * u), most);
      }
    };
  }

  private static void fill(float[] to, long seed, String name, Distribution distribution) {
    long stream = Philox.stream(name);
    IntStream.range(0, (to.length + TASK - 1) / TASK)
        .parallel()
        .forEach(
            task -> {
              int[] words = new int[Philox.WORDS];
              double[] values = new double[Philox.WORDS];
              int end = (int) Math.min(to.length, (task + 1L) * TASK);
              for (int i = task * TASK; i < end; i += Philox.WORDS) {
                Philox.block(seed, stream, i / Philox.WORDS, words);
                distribution.apply(words, values);
                for (int j = 0; j < Math.min(Philox.WORDS, end - i); j++) {
                  to[i + j] = (float) values[j];
                }
              }
            });
  }
}
