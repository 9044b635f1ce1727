package org.lamina.train;

import java.nio.file.Path;

/** Told how a training goes on, on the thread that trains. Every method may be left out. */
public interface TrainingListener {

  /** Hears nothing. */
  TrainingListener SILENT = new TrainingListener() {};

  /**
   * A step that is done.
   *
   * @param number steps done
   * @param last steps of the whole training
   * @param epoch passes over the data
   * @param loss of this step
   * @param accuracy of this step
   * @param rate its learning rate
   * @param imagesPerSecond lately
   * @param waiting share of the time so far that was spent waiting for data
   */
  record StepDone(
      long number,
      long last,
      double epoch,
      double loss,
      double accuracy,
      double rate,
      double imagesPerSecond,
      double waiting) {}

  /**
   * An evaluation that is done.
   *
   * @param step steps done
   * @param epoch passes over the data
   * @param scores what was measured
   * @param best whether it is the best so far
   */
  record Evaluated(long step, double epoch, Scoreboard scores, boolean best) {}

  /** A step is done. */
  default void step(StepDone step) {}

  /** The validation set has been measured. */
  default void evaluated(Evaluated evaluation) {}

  /** A checkpoint is on the disk. */
  default void checkpoint(Path folder, long step) {}

  /** Something went wrong, but the training goes on. */
  default void warning(String message) {}
}
