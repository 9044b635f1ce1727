package org.lamina.benchmarks;

import java.util.Optional;

/**
 * A line of the table.
 *
 * @param name the case
 * @param work what is done
 * @param peer beside whom, or beside what
 * @param goal what is to be reached
 * @param result what was measured; nothing if the case could not run
 * @param note more about it, or why it could not run
 */
record Row(String name, String work, String peer, Goal goal, Optional<Result> result, String note) {

  /**
   * What was measured.
   *
   * @param value to be compared with the goal
   * @param lamina Lamina's time or rate, with its unit
   * @param peer the peer's
   * @param spread the distance between the quartiles of Lamina's turns as a share of their median
   * @param peerSpread the same for the peer; NaN if there is none
   * @param turns how often each was measured
   */
  record Result(
      double value, String lamina, String peer, double spread, double peerSpread, int turns) {}

  boolean isMet() {
    return result.filter(measured -> goal.isMetBy(measured.value())).isPresent();
  }
}
