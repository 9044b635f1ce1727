package org.lamina.layer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How weights are stored on a device, and what of their bits is used. Sums are always accumulated
 * in float; biases and activations are float.
 */
public enum Precision {
  /** 32-bit floats. */
  SINGLE,
  /**
   * 16-bit floats: 11 significant bits, an error of 2^-12 of each weight. Weights beyond 65,504
   * become infinite. Convolutions by Winograd's algorithm keep 32 bits. GPUs store 32 bits; where
   * they have matrix units, convolutions may round what they multiply to halves, activations too.
   */
  HALF,
  /**
   * Fully connected layers: 8-bit integers with one scale for each output: 1/254 of the largest
   * weight of the output is the largest error of each weight. Convolutions: as {@link #HALF}.
   */
  INT8,
  /**
   * 32-bit floats, as {@link #SINGLE}; convolutions on GPUs with matrix units may round what they
   * multiply to 10 bits of fraction: an error of 2^-11 of each product.
   */
  TF32;

  /** Returns the word for it in YAML and on the command line: {@code half}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the words for all of them, in order. */
  public static List<String> keys() {
    return Arrays.stream(values()).map(Precision::key).toList();
  }

  /** Returns what is stored where there are no matrix units: floats for {@link #TF32}. */
  Precision stored() {
    return this == TF32 ? SINGLE : this;
  }

  /** Returns the precision that a word stands for; empty if there is none. */
  public static Optional<Precision> of(String key) {
    return Arrays.stream(values()).filter(each -> each.key().equals(key)).findAny();
  }
}
