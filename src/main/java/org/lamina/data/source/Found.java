package org.lamina.data.source;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.lamina.data.DataException;
import org.lamina.data.source.Folders.Part;
import org.lamina.network.Names;

/**
 * Samples that are found one by one, each with its part and the name of its class; knows the labels
 * when all are found. The classes are those of the part to train on, sorted.
 *
 * @param <T> where a sample is
 */
final class Found<T> {

  private record Sample<T>(T where, String className) {}

  private final Path place;
  private final Map<Part, List<Sample<T>>> parts = new EnumMap<>(Part.class);

  Found(Path place) {
    this.place = place;
  }

  void add(Part part, String className, T where) {
    parts.computeIfAbsent(part, key -> new ArrayList<>()).add(new Sample<>(where, className));
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /**
   * Makes the splits.
   *
   * @param kind what the place was recognised as
   * @param maker makes a data set of a part
   * @throws DataException if a part has a class that is not trained
   */
  Optional<Splits> splits(String kind, Maker<T> maker) {
    List<Sample<T>> train =
        parts.containsKey(Part.TRAIN) || parts.isEmpty()
            ? parts.getOrDefault(Part.TRAIN, List.of())
            : parts.values().iterator().next();
    TreeSet<String> sorted = new TreeSet<>();
    train.forEach(sample -> sorted.add(sample.className()));
    List<String> classes = List.copyOf(sorted);
    Map<String, Integer> labels = new HashMap<>();
    classes.forEach(name -> labels.put(name, labels.size()));
    Map<Part, Dataset> sets = new EnumMap<>(Part.class);
    parts.forEach((part, samples) -> sets.put(part, set(part, samples, classes, labels, maker)));
    return Parts.of(kind, place, sets);
  }

  /** Makes a data set of a part. */
  @FunctionalInterface
  interface Maker<T> {
    Dataset make(String name, List<String> classes, List<T> where, int[] labels);
  }

  private Dataset set(
      Part part,
      List<Sample<T>> samples,
      List<String> classes,
      Map<String, Integer> labels,
      Maker<T> maker) {
    List<T> where = new ArrayList<>(samples.size());
    int[] numbers = new int[samples.size()];
    for (Sample<T> sample : samples) {
      Integer label = labels.get(sample.className());
      if (label == null) {
        throw new DataException(
            "%s: the class '%s' of a picture to %s is none of those to train on%s"
                .formatted(
                    place,
                    sample.className(),
                    part == Part.TEST ? "test" : "validate",
                    Names.suggest(sample.className(), classes)));
      }
      numbers[where.size()] = label;
      where.add(sample.where());
    }
    String name =
        place + (parts.size() > 1 ? " (" + part.name().toLowerCase(Locale.ROOT) + ")" : "");
    return maker.make(name, classes, where, numbers);
  }
}
