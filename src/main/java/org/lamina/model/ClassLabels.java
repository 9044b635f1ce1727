package org.lamina.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.Labels;

/** Finds the names of the classes of a network. */
final class ClassLabels {

  private static final String FOLDER_WIDE = "labels.txt";

  private ClassLabels() {}

  /**
   * Returns the names that belong to weights, or nothing if there are none; see {@link
   * Classifier#labels}.
   *
   * @throws org.lamina.data.DataException if the file that the user named, or the one with the name
   *     of the weights, cannot be read or does not have a line for each class
   */
  static List<String> find(Optional<Path> given, Path weights, int classes) {
    Optional<Path> named = given.or(() -> existing(weights, base(weights) + ".labels.txt"));
    if (named.isPresent()) {
      return requireOneForEach(named.get(), classes);
    }
    // The folder may hold weights of several networks, so a file for another one is no mistake.
    return existing(weights, FOLDER_WIDE)
        .map(file -> Labels.read(file).names())
        .filter(labels -> labels.size() == classes)
        .orElse(List.of());
  }

  private static List<String> requireOneForEach(Path file, int classes) {
    List<String> names = Labels.read(file).names();
    if (names.size() != classes) {
      throw new DataException(
          "%s: has %d names, but the network has %d classes; give one name on each line"
              .formatted(file, names.size(), classes));
    }
    return names;
  }

  private static Optional<Path> existing(Path weights, String name) {
    return Optional.of(weights.resolveSibling(name)).filter(Files::isRegularFile);
  }

  private static String base(Path weights) {
    return weights.getFileName().toString().replaceFirst("\\.safetensors$", "");
  }
}
