package org.lamina.train;

/**
 * When things happen in a training, as functions of the number of the step alone.
 *
 * @param recipe what is to happen
 * @param stepsPerEpoch steps in a pass over the data, with a fraction
 */
record Timetable(Recipe recipe, double stepsPerEpoch) {

  private static final int ROWS_IN_AN_EPOCH = 50;

  /** Returns the steps of the whole training. */
  long steps() {
    return recipe.length().steps(stepsPerEpoch);
  }

  /** Returns the passes over the data after so many steps. */
  double epoch(long step) {
    return step / stepsPerEpoch;
  }

  /**
   * Returns the learning rate of a step.
   *
   * @param done steps before it
   * @param drops how often the plateau rule has lowered the rate
   */
  double rate(long done, int drops) {
    double t = recipe.length().time(done, stepsPerEpoch);
    double end = recipe.length().time(steps(), stepsPerEpoch);
    double rate = recipe.schedule().at(t, end, drops);
    double next = recipe.length().time(done + 1, stepsPerEpoch);
    return next < recipe.warmUp() ? rate * next / recipe.warmUp() : rate;
  }

  /** Returns whether the validation set is measured after a step. */
  boolean evaluates(long step) {
    return step == steps() || due(step, recipe.evaluation().every());
  }

  /** Returns whether a row of metrics is written after a step. */
  boolean writesRow(long step) {
    long every = Math.max(1, Math.round(Math.min(stepsPerEpoch, steps()) / ROWS_IN_AN_EPOCH));
    return step % every == 0;
  }

  /** Returns whether a checkpoint is written after a step; the last one comes at the end anyway. */
  boolean checkpoints(long step) {
    return step < steps() && due(step, recipe.checkpointEvery());
  }

  /** Returns whether something that is done every so many epochs is due after a step. */
  private boolean due(long step, double epochs) {
    double every = epochs * stepsPerEpoch;
    return Math.floor(step / every + Schedule.SLACK)
        > Math.floor((step - 1) / every + Schedule.SLACK);
  }
}
