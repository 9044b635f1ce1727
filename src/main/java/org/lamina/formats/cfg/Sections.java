package org.lamina.formats.cfg;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamina.formats.FormatException;
import org.lamina.weights.InputFile;
import org.lamina.weights.Printable;

/**
 * A file of sections: {@code [name]}, then {@code key=value} lines; {@code #} and {@code ;} begin
 * comments.
 *
 * @param file where it is
 * @param all the sections, in order; names may be there several times
 */
record Sections(Path file, List<Section> all) {

  private static final int LONGEST = 1 << 20;
  private static final int MOST_SECTIONS = 2_000;
  private static final int MOST_KEYS = 50_000;

  /**
   * Reads a file.
   *
   * @throws FormatException if it is too large, or a line is neither of the two
   */
  static Sections read(Path file) {
    try (InputFile input = InputFile.open(file)) {
      if (input.size() > LONGEST) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "%s: has %,d bytes, but a description of a network may have %,d",
                file,
                input.size(),
                LONGEST));
      }
      return parse(file, new String(input.bytes(0, (int) input.size()), StandardCharsets.UTF_8));
    }
  }

  /** Reads a text that came from a file. */
  static Sections parse(Path file, String text) {
    List<Section> sections = new ArrayList<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    int line = 0;
    int keys = 0;
    for (String whole : (Iterable<String>) text.lines()::iterator) {
      line++;
      String content = whole.replaceFirst("[#;].*", "").strip();
      if (content.startsWith("[") && content.endsWith("]")) {
        entries = new LinkedHashMap<>();
        String name = content.substring(1, content.length() - 1).strip();
        sections.add(new Section(file, line, name, entries));
      } else if (!content.isEmpty()) {
        int sign = content.indexOf('=');
        if (sign < 1 || sections.isEmpty()) {
          throw new FormatException(
              "%s:%d: expected '[section]' or 'key=value', but found '%s'"
                  .formatted(file, line, Printable.text(content)));
        }
        String key = content.substring(0, sign).strip();
        if (entries.put(key, new Entry(content.substring(sign + 1).strip(), line)) != null) {
          throw new FormatException(
              "%s:%d: '%s' is there twice in section '%s'"
                  .formatted(
                      file,
                      line,
                      Printable.text(key),
                      Printable.text(sections.get(sections.size() - 1).name())));
        }
        keys++;
      }
      if (sections.size() > MOST_SECTIONS || keys > MOST_KEYS) {
        throw new FormatException(
            String.format(
                Locale.ROOT,
                "%s:%d: a network may have %,d sections with %,d keys; this has more",
                file,
                line,
                MOST_SECTIONS,
                MOST_KEYS));
      }
    }
    return new Sections(file, sections);
  }

  /**
   * What a key is set to.
   *
   * @param value the text after the sign
   * @param line where it is
   */
  record Entry(String value, int line) {}
}
