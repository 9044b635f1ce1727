package org.lamina.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Measures several things in turn, so that whatever happens to the machine happens to all of them.
 *
 * <p>Threads of the one before may still be waiting busily, and caches hold its data, so a turn
 * begins with a pause and, where it is short, with runs that are not counted.
 */
final class Turns {

  // ONNX Runtime's threads look for work a million times before they sleep: some 30 ms.
  private static final long PAUSE_MILLIS = 60;
  private static final double SHORT_NANOS = 250e6;
  // What has slept runs slowly at first: clocks are low, and a host may have put both cores on one.
  private static final double WARM_NANOS = 150e6;
  private static final double TURN_NANOS = 60e6;
  private static final int FEWEST = 3;
  private static final int MOST = 40;

  private Turns() {}

  /**
   * What was measured of one side.
   *
   * @param nanos the median of every turn, in the order they were taken
   */
  record Times(double[] nanos) {

    double median() {
      return quantile(0.5);
    }

    /** Returns the distance between the quartiles as a share of the median. */
    double spread() {
      return (quantile(0.75) - quantile(0.25)) / median();
    }

    double min() {
      return quantile(0);
    }

    private double quantile(double at) {
      return Turns.quantile(nanos, at);
    }
  }

  /** Returns the quantile of some values, interpolated between neighbours. */
  static double quantile(double[] values, double at) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = at * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }

  /** Returns the nanoseconds of a run. */
  static DoubleSupplier clock(Runnable run) {
    return () -> {
      long start = System.nanoTime();
      run.run();
      return System.nanoTime() - start;
    };
  }

  /**
   * Lets every side take turns.
   *
   * @param seconds how long all of it may take, roughly; every side has at least three turns
   * @param sides each does its work once and returns the nanoseconds it took
   */
  static List<Times> take(double seconds, List<DoubleSupplier> sides) {
    double once = 0;
    for (DoubleSupplier side : sides) {
      side.getAsDouble();
      double nanos = Math.min(side.getAsDouble(), side.getAsDouble());
      once += nanos < SHORT_NANOS ? Math.max(TURN_NANOS, 2 * nanos) : nanos;
    }
    int rounds = (int) Math.max(FEWEST, Math.min(MOST, seconds * 1e9 / once));
    List<double[]> nanos = new ArrayList<>();
    sides.forEach(side -> nanos.add(new double[rounds]));
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < sides.size(); i++) {
        nanos.get(i)[round] = turn(sides.get(i));
      }
    }
    return nanos.stream().map(Times::new).toList();
  }

  private static double turn(DoubleSupplier side) {
    pause();
    double first = side.getAsDouble();
    if (first >= SHORT_NANOS) {
      return first;
    }
    for (double warm = first; warm < WARM_NANOS; ) {
      warm += side.getAsDouble();
    }
    int runs = (int) Math.max(1, Math.min(100, TURN_NANOS / first));
    double[] nanos = new double[runs];
    for (int i = 0; i < runs; i++) {
      nanos[i] = side.getAsDouble();
    }
    return quantile(nanos, 0.5);
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
