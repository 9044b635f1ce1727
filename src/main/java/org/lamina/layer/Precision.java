package org.lamina.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How weights are stored on a device. Sums are always accumulated in float; biases and activations
 * are float.
 */
public enum Precision {
  /** 32-bit floats. */
  SINGLE,
  /**
   * 16-bit floats: 11 significant bits, an error of 2^-12 of each weight. Weights beyond 65,504
   * become infinite. Convolutions by Winograd's algorithm keep 32 bits.
   */
  HALF,
  /**
   * Fully connected layers: 8-bit integers with one scale for each output: 1/254 of the largest
   * weight of the output is the largest error of each weight. Convolutions: as {@link #HALF}.
   */
  INT8;

  /** Returns the word for it in YAML and on the command line: {@code half}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the words for all of them, in order. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Precision::key).toList();
  }

  /** Returns the precision that a word stands for; empty if there is none. */
  public static Optional<Precision> of(String key) {
    return Arrays.stream(values()).filter(each -> each.key().equals(key)).findAny();
  }
}
