package org.lamina.engine;

import java.util.List;

/**
 * What a step found.
 *
 * @param images how many images it had
 * @param losses one for each loss of the options, in order
 */
public record StepResult(int images, List<Term> losses) {

  /** Copies the list. */
  public StepResult {
    losses = List.copyOf(losses);
  }

  /**
   * One loss.
   *
   * @param loss which
   * @param mean its mean over the images, not weighted
   * @param top1 images whose label has the largest logit; 0 for mean squares
   * @param top5 images whose label is among the five largest
   */
  public record Term(Loss loss, double mean, int top1, int top5) {}

  /** Returns the weighted sum of all losses. */
  public double loss() {
    return losses.stream().mapToDouble(term -> term.loss().weight() * term.mean()).sum();
  }

  /** Returns the images that the first loss counts as right. */
  public int top1() {
    return losses.get(0).top1();
  }

  /** Returns the images whose label the first loss finds among the five likeliest. */
  public int top5() {
    return losses.get(0).top5();
  }

  /** Returns whether every loss is a finite number. */
  public boolean isFinite() {
    return losses.stream().allMatch(term -> Double.isFinite(term.mean()));
  }
}
