package org.lamina.train;

/**
 * Where a training stands after a step: with the weights and the optimiser's memories, all that the
 * next step depends on.
 *
 * @param step steps that are done
 * @param drops how often the plateau rule has lowered the rate
 * @param watched the best value that the plateau rule has seen; NaN if none
 * @param watchedStale evaluations since then
 * @param best the best value by which weights are kept; NaN if none
 * @param bestStep when that was
 * @param stale evaluations since then
 * @param lossSum sum of the losses of the samples since the last row of metrics
 * @param correct how many of them were right
 * @param samples how many there were
 * @param epochLossSum sum of the losses of the samples since the last evaluation
 * @param epochSamples how many there were
 * @param metricsBytes length of the file of metrics
 * @param unreadable samples that could not be read so far
 * @param seconds time spent so far, over all sessions
 */
record TrainingState(
    long step,
    int drops,
    double watched,
    int watchedStale,
    double best,
    long bestStep,
    int stale,
    double lossSum,
    long correct,
    long samples,
    double epochLossSum,
    long epochSamples,
    long metricsBytes,
    long unreadable,
    double seconds) {

  /** Where every training begins. */
  static final TrainingState START =
      new TrainingState(0, 0, Double.NaN, 0, Double.NaN, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Returns the state after an evaluation. */
  TrainingState evaluated(Decisions decisions) {
    return new TrainingState(
        step,
        decisions.drops(),
        decisions.watched(),
        decisions.watchedStale(),
        decisions.best(),
        decisions.bestStep(),
        decisions.stale(),
        lossSum,
        correct,
        samples,
        0,
        0,
        metricsBytes,
        unreadable,
        seconds);
  }

  /** Returns the state after another step. */
  TrainingState stepped(double loss, int right, int count, long bad, double time) {
    return new TrainingState(
        step + 1,
        drops,
        watched,
        watchedStale,
        best,
        bestStep,
        stale,
        lossSum + loss,
        correct + right,
        samples + count,
        epochLossSum + loss,
        epochSamples + count,
        metricsBytes,
        bad,
        time);
  }

  /** Returns the state after a row of metrics: nothing is left to be told. */
  TrainingState rowWritten() {
    return with(0, 0, 0, metricsBytes);
  }

  /** Returns the state with the length of the file of metrics. */
  TrainingState withMetricsBytes(long bytes) {
    return with(lossSum, correct, samples, bytes);
  }

  private TrainingState with(double sum, long right, long count, long bytes) {
    return new TrainingState(
        step,
        drops,
        watched,
        watchedStale,
        best,
        bestStep,
        stale,
        sum,
        right,
        count,
        epochLossSum,
        epochSamples,
        bytes,
        unreadable,
        seconds);
  }
}
