package org.lamina.engine;

/**
 * What all random numbers of a step depend on: the same key gives the same numbers, however samples
 * are put into batches.
 *
 * @param seed the run's
 * @param epoch counts passes over the data, so that a sample gets other numbers in each
 * @param samples which sample every image of the batch is
 */
public record StepKey(long seed, int epoch, int[] samples) {

  /** Copies the array. */
  public StepKey {
    samples = samples.clone();
  }

  /** Returns the samples; a copy. */
  @Override
  public int[] samples() {
    return samples.clone();
  }

  /** Returns the key for {@code count} samples in order. */
  public static StepKey of(long seed, int epoch, int firstSample, int count) {
    int[] samples = new int[count];
    for (int i = 0; i < count; i++) {
      samples[i] = firstSample + i;
    }
    return new StepKey(seed, epoch, samples);
  }
}
