package org.lamina.data.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;
import org.lamina.data.Pipeline;
import org.lamina.data.SampleKey;
import org.lamina.data.load.Batch.Unreadable;
import org.lamina.data.source.Dataset;

/** Decodes and prepares samples, one after the other; every thread has its own. */
final class Samples {

  /** After so many in a row that cannot be read, none is looked for any more. */
  private static final int MOST_TRIES = 1000;

  private final Dataset dataset;
  private final Pipeline pipeline;
  private final LoaderOptions.Unreadable unreadable;
  private final boolean replacing;
  private final float[] values;

  Samples(
      Dataset dataset, Pipeline pipeline, LoaderOptions.Unreadable unreadable, boolean replacing) {
    this.dataset = dataset;
    this.pipeline = pipeline;
    this.unreadable = unreadable;
    this.replacing = replacing;
    values = new float[Math.toIntExact(pipeline.shape().volume() * pipeline.views())];
  }

  /**
   * Makes a sample.
   *
   * @param place in the batch
   * @return what is wrong with the sample, if anything is
   */
  Optional<Unreadable> make(SampleKey key, Slot slot, int place) {
    Optional<Unreadable> problem = attempt(key, key.sample());
    int used = key.sample();
    if (problem.isPresent()) {
      if (unreadable == LoaderOptions.Unreadable.FAIL) {
        throw new DataException(problem.get().problem());
      }
      used = replacing ? substitute(key) : used;
    }
    boolean missing = problem.isPresent() && !replacing;
    if (missing) {
      Arrays.fill(values, 0);
    }
    slot.images().put(place * values.length, values);
    slot.labels()[place] = missing ? Batch.NONE : dataset.label(used);
    slot.samples()[place] = used;
    return problem;
  }

  /** Makes the next sample that can be read, under the key of the one that cannot. */
  private int substitute(SampleKey key) {
    int tries = Math.min(MOST_TRIES, dataset.size() - 1);
    for (int i = 1; i <= tries; i++) {
      int candidate = (int) (((long) key.sample() + i) % dataset.size());
      if (attempt(key, candidate).isEmpty()) {
        return candidate;
      }
    }
    throw new DataException(
        String.format(
            Locale.ROOT,
            "%s: %,d samples in a row cannot be read, from %s on",
            dataset.name(),
            tries + 1,
            dataset.sample(key.sample())));
  }

  private Optional<Unreadable> attempt(SampleKey key, int sample) {
    try {
      pipeline.apply(dataset.read(sample), key, values, 0);
      return Optional.empty();
    } catch (ImageException e) {
      String name = dataset.sample(sample);
      String message = e.getMessage();
      return Optional.of(
          new Unreadable(name, message.startsWith(name) ? message : name + ": " + message));
    }
  }
}
