package org.lamina.data.source;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lamina.data.DataException;
import org.lamina.data.Numbers;
import org.lamina.data.SampleKey;
import org.lamina.tensor.Philox;

/**
 * What a place holds: pictures to train on, and such as are kept apart from them. All parts have
 * the same classes.
 *
 * @param kind what the place was recognised as, such as {@code image folder}
 * @param train to train on; the only part where nothing says which part is what
 * @param validation to look at during training, if there is such a part
 * @param test to look at in the end, if there is such a part
 */
public record Splits(
    String kind, Dataset train, Optional<Dataset> validation, Optional<Dataset> test)
    implements AutoCloseable {

  private static final long STREAM = Philox.stream("holdout");

  /** Returns what stands for unseen pictures: the validation part, else the test part, if any. */
  public Optional<Dataset> unseen() {
    return validation.or(() -> test);
  }

  /**
   * Returns the same with a validation part: the one that is there, or else a share of the samples
   * of every class that the training part then lacks. Which ones depends on the seed and their
   * number alone.
   *
   * @param share of every class, above 0 and below 1; at least one sample of the whole is held out
   * @throws DataException if there are fewer than two samples
   */
  public Splits holdOut(double share, long seed) {
    if (validation.isPresent()) {
      return this;
    }
    int size = train.size();
    if (size < 2 || share <= 0 || share >= 1) {
      throw new DataException(
          String.format(
              Locale.ROOT,
              "%s: %d samples cannot be divided in a share of %s and the rest",
              train.name(),
              size,
              share));
    }
    boolean[] held = held(share, seed);
    return new Splits(
        kind,
        new Subset(train, train.name(), select(held, false)),
        Optional.of(new Subset(train, train.name() + " (held out)", select(held, true))),
        test);
  }

  /** Of each class the samples with the smallest random numbers, as many as the share is. */
  private boolean[] held(double share, long seed) {
    int size = train.size();
    double[] order = new double[size];
    for (int i = 0; i < size; i++) {
      order[i] = Numbers.of(new SampleKey(seed, 0, i), STREAM).uniform();
    }
    int[] labels = IntStream.range(0, size).map(train::label).toArray();
    Integer[] sorted =
        IntStream.range(0, size)
            .boxed()
            .sorted(
                (a, b) ->
                    labels[a] != labels[b]
                        ? Integer.compare(labels[a], labels[b])
                        : Double.compare(order[a], order[b]))
            .toArray(Integer[]::new);
    boolean[] held = new boolean[size];
    double due = 0;
    int done = 0;
    // Going through the classes one after the other, every time a whole sample is due.
    for (int sample : sorted) {
      due += share;
      if (done + 0.5 < due) {
        held[sample] = done < size - 1;
        done++;
      }
    }
    held[sorted[0]] |= done == 0;
    return held;
  }

  private static int[] select(boolean[] held, boolean which) {
    return IntStream.range(0, held.length).filter(i -> held[i] == which).toArray();
  }

  /** Returns the names of the classes by label. */
  public List<String> classes() {
    return train.classes();
  }

  @Override
  public void close() {
    Stream.of(Optional.of(train), validation, test)
        .flatMap(Optional::stream)
        .forEach(Dataset::close);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind).append(": ");
    text.append(String.format(Locale.ROOT, "%,d to train", train.size()));
    validation.ifPresent(
        part -> text.append(String.format(Locale.ROOT, ", %,d to validate", part.size())));
    test.ifPresent(part -> text.append(String.format(Locale.ROOT, ", %,d to test", part.size())));
    return text.append(String.format(Locale.ROOT, ", %,d classes", classes().size())).toString();
  }
}
