package org.lamina.train;

import java.util.Locale;

/** A value that a training can be judged by. */
public enum Metric {
  /** Share of validation samples whose most probable class is wrong. */
  VALIDATION_ERROR(false),
  /** Share of validation samples whose most probable class is right. */
  VALIDATION_ACCURACY(true),
  /** Mean loss of the validation samples. */
  VALIDATION_LOSS(false),
  /** Mean loss of the training samples of the last epoch, as they were trained on. */
  TRAINING_LOSS(false);

  private final boolean rising;

  Metric(boolean rising) {
    this.rising = rising;
  }

  /**
   * Returns whether a value is better than the best so far.
   *
   * @param best the best so far; NaN if there is none
   * @param threshold by how much, as a share of the best
   */
  public boolean better(double value, double best, double threshold) {
    if (Double.isNaN(value)) {
      return false;
    }
    double margin = threshold * Math.abs(best);
    return Double.isNaN(best) || (rising ? value > best + margin : value < best - margin);
  }

  /** Returns the name as YAML has it: {@code validation_error}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
