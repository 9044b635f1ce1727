package org.lamina.train;

import java.util.Arrays;

/**
 * What a network says about samples whose class is known, added up: right ones, the loss, and which
 * classes are taken for which.
 */
public final class Scoreboard {

  private static final int TOP = 5;

  private final int classes;
  private final long[] confusion;
  private long samples;
  private long top1;
  private long top5;
  private double lossSum;

  /** Begins with nothing, for so many classes. */
  public Scoreboard(int classes) {
    this.classes = classes;
    confusion = new long[Math.multiplyExact(classes, classes)];
  }

  /**
   * Adds a sample.
   *
   * <p>Of equal probabilities the class with the smaller number comes first. A probability that is
   * not a number ranks last.
   *
   * @param probabilities of every class, from {@code at} on
   * @param label the right class
   * @return the class with the largest probability
   */
  public int add(float[] probabilities, int at, int label) {
    float own = probabilities[at + label];
    int better = 0;
    int best = 0;
    for (int c = 0; c < classes; c++) {
      float p = probabilities[at + c];
      if (p > own || (p == own && c < label) || (Float.isNaN(own) && c != label)) {
        better++;
      }
      if (p > probabilities[at + best] || Float.isNaN(probabilities[at + best])) {
        best = c;
      }
    }
    samples++;
    top1 += better == 0 ? 1 : 0;
    top5 += better < TOP ? 1 : 0;
    lossSum -= Math.log(Math.max(own, Float.MIN_NORMAL));
    confusion[label * classes + best]++;
    return best;
  }

  /** Returns the number of classes. */
  public int classes() {
    return classes;
  }

  /** Returns the number of samples. */
  public long samples() {
    return samples;
  }

  /** Returns the share of samples whose class has the largest probability; NaN without samples. */
  public double accuracy() {
    return (double) top1 / samples;
  }

  /** Returns the share of samples whose class is among the five largest probabilities. */
  public double top5() {
    return (double) top5 / samples;
  }

  /**
   * Returns the mean of the negative logarithm of the right class's probability, of which none
   * counts as smaller than 2^-126.
   */
  public double loss() {
    return lossSum / samples;
  }

  /** Returns how often {@code label} was taken for {@code said}. */
  public long confusion(int label, int said) {
    return confusion[label * classes + said];
  }

  /** Returns the samples of a class. */
  public long samplesOf(int label) {
    return Arrays.stream(confusion, label * classes, (label + 1) * classes).sum();
  }

  /** Returns how many samples were taken for a class. */
  public long saidToBe(int said) {
    long sum = 0;
    for (int label = 0; label < classes; label++) {
      sum += confusion(label, said);
    }
    return sum;
  }
}
