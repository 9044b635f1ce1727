package org.lamina.yaml;

import java.util.List;
import java.util.Map;

/** A piece of a YAML document that knows where it stands. Aliases share one value. */
sealed interface Value {

  /** Returns where it begins. */
  Place place();

  /** Returns what it is, for messages: {@code a list}. */
  String describe();

  /**
   * A word, number or text.
   *
   * @param place where it begins
   * @param text its text without quotes
   * @param plain whether it is written without quotes
   */
  record Scalar(Place place, String text, boolean plain) implements Value {

    private static final int LONGEST_SHOWN = 60;

    @Override
    public String describe() {
      if (isNothing()) {
        return "empty";
      }
      int length = text.codePointCount(0, text.length());
      String shown =
          length <= LONGEST_SHOWN
              ? text
              : text.substring(0, text.offsetByCodePoints(0, LONGEST_SHOWN)) + "…";
      if (!plain) {
        return "the text \"" + shown + "\"";
      }
      return Literal.NUMBER.matcher(shown).matches() ? shown : "'" + shown + "'";
    }

    /** Returns whether this is YAML's null: {@code null}, {@code ~} or nothing at all. */
    boolean isNothing() {
      return plain && (text.isEmpty() || text.matches("~|null|Null|NULL"));
    }

    /** Returns whether this is an expression, such as {@code =96*width}. */
    boolean isExpression() {
      return text.startsWith("=");
    }
  }

  /**
   * A list.
   *
   * @param place where it begins
   * @param items its elements
   */
  record Sequence(Place place, List<Value> items) implements Value {
    @Override
    public String describe() {
      return "a list";
    }
  }

  /**
   * A mapping; no key is in it twice.
   *
   * @param place where it begins
   * @param fields its entries by key, in order
   */
  record Mapping(Place place, Map<String, Field> fields) implements Value {
    @Override
    public String describe() {
      return "a mapping";
    }
  }

  /**
   * An entry of a mapping.
   *
   * @param place where the key begins
   * @param key the key
   * @param value what it is set to
   */
  record Field(Place place, String key, Value value) {}
}
