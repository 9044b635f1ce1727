package org.lamina.formats.cfg;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.lamina.formats.FormatException;
import org.lamina.formats.cfg.Sections.Entry;
import org.lamina.network.Names;
import org.lamina.weights.Printable;

/**
 * A section of a file.
 *
 * @param file the file
 * @param line where its name is, counted from 1
 * @param name what stands in the brackets
 * @param entries its keys
 */
record Section(Path file, int line, String name, Map<String, Entry> entries) {

  boolean has(String key) {
    return entries.containsKey(key);
  }

  String text(String key, String fallback) {
    return has(key) ? entries.get(key).value() : fallback;
  }

  /** Returns a text that must be there. */
  String text(String key) {
    if (!has(key)) {
      throw new FormatException(
          "%s:%d: '%s' has no '%s'".formatted(file, line, Printable.text(name), key));
    }
    return entries.get(key).value();
  }

  /** Returns the parts between commas; none if the key is not there. */
  List<String> list(String key) {
    return has(key)
        ? Arrays.stream(text(key).split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList()
        : List.of();
  }

  int whole(String key, int fallback) {
    return has(key) ? whole(key, text(key)) : fallback;
  }

  /** Returns a whole number that must be there. */
  int whole(String key) {
    return whole(key, text(key));
  }

  private int whole(String key, String text) {
    try {
      return Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw fault(key, "must be a whole number, but is '%s'".formatted(Printable.text(text)));
    }
  }

  /** Returns whole numbers; none if the key is not there. */
  List<Integer> wholes(String key) {
    List<Integer> numbers = new ArrayList<>();
    list(key).forEach(text -> numbers.add(whole(key, text)));
    return numbers;
  }

  double number(String key, double fallback) {
    List<Double> numbers = numbers(key);
    return numbers.isEmpty() ? fallback : numbers.get(0);
  }

  /** Returns numbers; none if the key is not there. */
  List<Double> numbers(String key) {
    List<Double> numbers = new ArrayList<>();
    for (String text : list(key)) {
      double number = Double.NaN;
      if (text.matches("[+-]?[0-9.]{1,40}([eE][+-]?[0-9]{1,4})?")) {
        try {
          number = Double.parseDouble(text);
        } catch (NumberFormatException e) {
          // Two points: reported below.
        }
      }
      if (!Double.isFinite(number)) {
        throw fault(key, "must be a number, but is '%s'".formatted(Printable.text(text)));
      }
      numbers.add(number);
    }
    return numbers;
  }

  /** Throws unless all keys are known. */
  void requireKnown(Collection<String> known) {
    entries.forEach(
        (key, entry) -> {
          if (!known.contains(key)) {
            String shown = Printable.text(key);
            throw new FormatException(
                "%s:%d: '%s' has no key '%s'%s"
                    .formatted(
                        file,
                        entry.line(),
                        Printable.text(name),
                        shown,
                        Names.suggest(shown, known)));
          }
        });
  }

  /** Returns an exception that says where a key is wrong. */
  FormatException fault(String key, String problem) {
    return new FormatException(
        "%s:%d: '%s': %s %s"
            .formatted(file, entries.get(key).line(), Printable.text(name), key, problem));
  }
}
