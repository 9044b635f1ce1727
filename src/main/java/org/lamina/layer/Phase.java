package org.lamina.layer;

/** What a program is compiled for. */
public enum Phase {
  /** Results alone: weights never change, so kernels may have them in any form. */
  INFERENCE,
  /** Results between steps of training: the mathematics of inference, but weights change often. */
  EVALUATION,
  /** A step of training: batch statistics, dropout. */
  TRAINING,
  /** The same for a layer whose running statistics stay as they are and count instead. */
  FROZEN,
  /**
   * The way forward of a training step once more, because its results were not kept: the statistics
   * are those that the first time left behind, and nothing else is left behind.
   */
  REPETITION
}
