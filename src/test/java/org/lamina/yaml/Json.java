package org.lamina.yaml;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON by hand: objects that keep the order of their keys. */
final class Json {

  private Json() {}

  /** Returns an object of keys and values in turn. */
  static Map<String, Object> object(Object... entries) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      object.put((String) entries[i], entries[i + 1]);
    }
    return object;
  }

  /** Returns a list. */
  static List<Object> list(Object... items) {
    return List.of(items);
  }

  /** Returns indented text that is the same on every system. */
  static String print(Object value) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    try {
      return new ObjectMapper()
              .writer(
                  new DefaultPrettyPrinter(
                          Separators.createDefaultInstance()
                              .withObjectFieldValueSpacing(Separators.Spacing.AFTER))
                      .withObjectIndenter(indenter))
              .writeValueAsString(value)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
