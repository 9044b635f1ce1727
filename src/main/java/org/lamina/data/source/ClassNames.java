package org.lamina.data.source;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.Labels;

/** Names of classes in text files beside the data. */
final class ClassNames {

  /** No data set has more; a larger label is damage. */
  static final int MOST = 1_000_000;

  private ClassNames() {}

  /**
   * Returns the names in the first of some files that is there.
   *
   * @throws DataException if it cannot be read, or an empty line is between names
   */
  static Optional<List<String>> beside(Path folder, String... files) {
    for (String name : files) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        return Optional.of(Labels.read(file).names());
      }
    }
    return Optional.empty();
  }

  /**
   * Returns a name for every label.
   *
   * @param names those that are known; where there are none, labels are called by their numbers
   * @param classes how many labels there are
   * @throws DataException if there are more labels than names
   */
  static List<String> complete(Path place, Optional<List<String>> names, int classes) {
    if (names.isPresent()) {
      if (names.get().size() < classes) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "%s: there are %d class names, but a label is %d",
                place,
                names.get().size(),
                classes - 1));
      }
      return names.get();
    }
    List<String> numbers = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      numbers.add(String.valueOf(label));
    }
    return List.copyOf(numbers);
  }
}
