package org.lamina.train;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The worst mistakes of an evaluation: those where the right class seemed least probable. */
public final class Mistakes {

  /** Of equal ones the sample with the smaller index is worse. */
  private static final Comparator<Mistake> MILDEST_FIRST =
      Comparator.comparingDouble(Mistake::rightProbability)
          .thenComparingInt(Mistake::sample)
          .reversed();

  private final int most;
  private final PriorityQueue<Mistake> worst = new PriorityQueue<>(MILDEST_FIRST);

  /**
   * A sample that was taken for something else.
   *
   * @param sample its index in the data set
   * @param label its class
   * @param said the class that seemed most probable
   * @param probability of that one
   * @param rightProbability of its own class
   */
  public record Mistake(
      int sample, int label, int said, float probability, float rightProbability) {}

  /** Remembers so many. */
  Mistakes(int most) {
    this.most = most;
  }

  void add(int sample, int label, int said, float... probabilities) {
    if (said != label && most > 0) {
      worst.add(new Mistake(sample, label, said, probabilities[said], probabilities[label]));
      if (worst.size() > most) {
        worst.remove();
      }
    }
  }

  /** Returns them, the worst first. */
  public List<Mistake> list() {
    return worst.stream().sorted(MILDEST_FIRST.reversed()).toList();
  }
}
