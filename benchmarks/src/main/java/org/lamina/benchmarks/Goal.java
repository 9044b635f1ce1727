package org.lamina.benchmarks;

import java.util.Locale;

/**
 * What a case is to reach.
 *
 * @param atMost whether less is better
 * @param bound the value that is still good
 * @param unit how values are written
 */
record Goal(boolean atMost, double bound, Unit unit) {

  enum Unit {
    /** Lamina's time divided by the peer's. */
    RATIO,
    /** A share of what the device can do, or of a whole. */
    PERCENT,
    SECONDS,
  }

  static Goal ratio(double bound) {
    return new Goal(true, bound, Unit.RATIO);
  }

  static Goal share(double bound) {
    return new Goal(false, bound, Unit.PERCENT);
  }

  boolean isMetBy(double value) {
    return atMost ? value <= bound : value >= bound;
  }

  String write(double value) {
    return switch (unit) {
      case RATIO -> String.format(Locale.ROOT, "%.2f", value);
      case PERCENT -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
      case SECONDS -> String.format(Locale.ROOT, "%.1f s", value);
    };
  }

  @Override
  public String toString() {
    return (atMost ? "≤ " : "≥ ") + write(bound);
  }
}
