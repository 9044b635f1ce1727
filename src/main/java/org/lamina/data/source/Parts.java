package org.lamina.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamina.data.DataException;
import org.lamina.data.Picture;
import org.lamina.data.source.Folders.Part;

/** Makes splits of parts that were found one by one. */
final class Parts {

  private Parts() {}

  /**
   * Returns the splits that some parts make; none if there is no part. A lone part of whatever kind
   * is what can be trained on.
   *
   * @throws DataException if there are several, but none to train on
   */
  static Optional<Splits> of(String kind, Path place, Map<Part, Dataset> parts) {
    if (parts.isEmpty()) {
      return Optional.empty();
    }
    Optional<Dataset> train = Optional.ofNullable(parts.get(Part.TRAIN));
    Optional<Dataset> validation = Optional.ofNullable(parts.get(Part.VALIDATION));
    Optional<Dataset> test = Optional.ofNullable(parts.get(Part.TEST));
    if (train.isEmpty() && parts.size() == 1) {
      return Optional.of(
          new Splits(kind, parts.values().iterator().next(), Optional.empty(), Optional.empty()));
    }
    if (train.isEmpty()) {
      throw new DataException(
          place + ": there are pictures to validate and to test, none to train");
    }
    List<String> names =
        names(Stream.of(train, validation, test).flatMap(Optional::stream).toList());
    return Optional.of(
        new Splits(
            kind,
            named(train.get(), names),
            validation.map(part -> named(part, names)),
            test.map(part -> named(part, names))));
  }

  /** Classes that are called by numbers are as many as the part with most of them says. */
  private static List<String> names(List<Dataset> parts) {
    return parts.stream()
        .map(Dataset::classes)
        .max(Comparator.comparingInt(List::size))
        .orElse(new ArrayList<>());
  }

  private static Dataset named(Dataset part, List<String> names) {
    return part.classes().equals(names) ? part : new Renamed(part, names);
  }

  /** A data set with other names of classes. */
  private record Renamed(Dataset set, List<String> classes) implements Dataset {
    @Override
    public String name() {
      return set.name();
    }

    @Override
    public int size() {
      return set.size();
    }

    @Override
    public int label(int index) {
      return set.label(index);
    }

    @Override
    public String sample(int index) {
      return set.sample(index);
    }

    @Override
    public boolean isCheap() {
      return set.isCheap();
    }

    @Override
    public Picture read(int index) {
      return set.read(index);
    }

    @Override
    public Optional<byte[]> encoded(int index) {
      return set.encoded(index);
    }

    @Override
    public void close() {
      set.close();
    }
  }
}
