package org.lamina.model;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.Labels;
import org.lamina.formats.Formats;
import org.lamina.formats.TensorFiles;

/** Finds the names of the classes of a network. */
final class ClassLabels {

  /** What follows the name of the weights in that of their labels. */
  static final String ENDING = ".labels.txt";

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
    Optional<Path> named = given.or(() -> existing(weights, base(weights) + ENDING));
    if (named.isPresent()) {
      Path file = named.get();
      return requireOneForEach(file.toString(), Labels.read(file), classes);
    }
    // The folder may hold weights of several networks, so a file for another one is no mistake.
    return existing(weights, FOLDER_WIDE)
        .map(file -> Labels.read(file).names())
        .filter(labels -> labels.size() == classes)
        .orElse(List.of());
  }

  /**
   * Returns the names.
   *
   * @param file where they come from, for messages
   * @throws DataException if there is not one for each class
   */
  static List<String> requireOneForEach(String file, Labels labels, int classes) {
    List<String> names = labels.names();
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

  /** Returns the name of a file without the ending of its format, if it has one. */
  private static String base(Path weights) {
    String name = weights.getFileName().toString();
    return TensorFiles.formats().stream()
        .flatMap(format -> format.endings().stream())
        .filter(ending -> Formats.endsWith(weights, ending))
        .findFirst()
        .map(ending -> name.substring(0, name.length() - ending.length()))
        .orElse(name);
  }
}
