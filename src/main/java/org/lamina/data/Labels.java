package org.lamina.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The names of a network's classes.
 *
 * @param names by index
 */
public record Labels(List<String> names) {

  private static final long LONGEST = 1L << 26;

  /** Copies the list. */
  public Labels {
    names = List.copyOf(names);
  }

  /** Returns labels that are the indices themselves. */
  public static Labels numbers() {
    return new Labels(List.of());
  }

  /**
   * Reads a text file, UTF-8, with the name of one class a line; blanks around names do not count,
   * nor does what follows the last name.
   *
   * @throws DataException if the file is missing, no text, empty, or has an empty line between
   *     names
   */
  public static Labels read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new DataException(
          file
              + (Files.exists(file) ? ": is not a regular file" : ": there is no such file")
              + "; name a text file with one class a line");
    }
    try {
      if (Files.size(file) > LONGEST) {
        throw new DataException(file + ": is too large for a list of class names");
      }
      return parse(file.toString(), Files.readString(file, StandardCharsets.UTF_8));
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": is not UTF-8 text; write one class name a line", e);
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads a text as {@link #read} does that of a file.
   *
   * @param file what messages call it
   * @throws DataException if it is empty, or has an empty line between names
   */
  public static Labels parse(String file, String text) {
    List<String> names =
        Arrays.stream(text.stripTrailing().split("\\R")).map(String::strip).toList();
    int empty = names.indexOf("");
    if (empty >= 0) {
      throw new DataException(
          String.format(
              Locale.ROOT, "%s:%d: the line is empty; every class needs a name", file, empty + 1));
    }
    return new Labels(names);
  }

  /** Returns the name of a class; its number where there is no name. */
  public String name(int index) {
    return index < names.size() ? names.get(index) : String.valueOf(index);
  }
}
