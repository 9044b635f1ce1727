package org.lamina.model;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.lamina.layer.Layer;
import org.lamina.layer.LogSoftmax;
import org.lamina.layer.Softmax;

/** What the last layer of a network says about classes. */
enum Scores {
  /** Probabilities: the network ends in a softmax. */
  PROBABILITIES,
  /** Logarithms of probabilities: it ends in a log-softmax. */
  LOGARITHMS,
  /** Any scores. */
  RAW;

  /** Returns what a layer's results are. */
  static Scores of(Layer last) {
    return last instanceof Softmax ? PROBABILITIES : last instanceof LogSoftmax ? LOGARITHMS : RAW;
  }

  /**
   * Returns the probabilities of the classes of one image. Raw scores become {@code p[i] =
   * exp(s[i]) / sum(exp(s))}, in double precision.
   */
  double[] probabilities(float[] scores, int offset, int count) {
    double[] p = IntStream.range(offset, offset + count).mapToDouble(i -> scores[i]).toArray();
    if (this == PROBABILITIES) {
      return p;
    }
    // Subtracting the largest changes nothing but keeps exp() in range.
    double shift =
        this == RAW ? IntStream.range(0, count).mapToDouble(i -> p[i]).max().orElse(0) : 0;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      p[i] = Math.exp(p[i] - shift);
      sum += p[i];
    }
    if (this == RAW) {
      for (int i = 0; i < count; i++) {
        p[i] /= sum;
      }
    }
    return p;
  }

  /** Returns the places of the largest values, falling; the lower of equal ones comes first. */
  static List<Integer> largest(double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
        .limit(count)
        .toList();
  }
}
