package org.lamina.data.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.lamina.data.DataException;

/** Looks into folders. */
final class Folders {

  /** Parts of a data set, by what files and folders are called that hold them. */
  enum Part {
    TRAIN("train", "training"),
    VALIDATION("val", "valid", "validation", "dev"),
    TEST("test", "testing", "t10k");

    private final List<String> words;

    Part(String... words) {
      this.words = List.of(words);
    }

    /** Returns the part that a word means. */
    static Optional<Part> of(String word) {
      return Stream.of(values())
          .filter(part -> part.words.contains(word.toLowerCase(Locale.ROOT)))
          .findFirst();
    }

    /**
     * Returns the part that the first word of a file's name means, as in {@code train-0001.tar}.
     */
    static Optional<Part> ofFile(String name) {
      return of(name.split("[-_.]", 2)[0]);
    }
  }

  private Folders() {}

  /** Returns the name of a file or folder. */
  static String name(Path path) {
    return path.getFileName() == null ? path.toString() : path.getFileName().toString();
  }

  /**
   * Returns what is in a folder, sorted by name; hidden things are left out.
   *
   * @throws DataException if it cannot be read
   */
  static List<Path> list(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside
          .filter(path -> !name(path).startsWith(".") && !name(path).equals("__MACOSX"))
          .sorted((a, b) -> name(a).compareTo(name(b)))
          .toList();
    } catch (IOException e) {
      throw new DataException(folder + ": the folder cannot be read: " + e.getMessage(), e);
    }
  }
}
