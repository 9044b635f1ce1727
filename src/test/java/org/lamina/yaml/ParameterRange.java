package org.lamina.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import org.lamina.layer.Extent;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Padding;
import org.lamina.yaml.RecordType.Component;

/**
 * Which numbers a component of a record takes, found by asking its constructor, so that it is what
 * the code does and not what somebody wrote about it. Bounds are looked for where layers have them:
 * at -1 to 2 for whole numbers, at 0 and 1 for others.
 *
 * @param keywords the bounds as JSON Schema says them: {@code minimum: 1}
 */
record ParameterRange(Map<String, Object> keywords) {

  private static final double TINY = 1e-9;

  private static final Scope NO_NAMES =
      (name, at) -> {
        throw new Fault(at, "there is no " + name);
      };

  /** Asks the constructor about one of its components. */
  static ParameterRange of(RecordType type, Component component) {
    Map<String, Object> found = new LinkedHashMap<>();
    Class<?> form = component.type();
    if (form == double.class) {
      DoubleFunction<Boolean> takes = value -> accepts(type, component, value);
      lower(takes, found);
      upper(takes, found);
    } else {
      Optional<DoubleFunction<Object>> number = wholeNumber(form);
      number.ifPresent(
          make ->
              DoubleStream.of(-1, 0, 1, 2)
                  .filter(value -> accepts(type, component, make.apply(value)))
                  .findFirst()
                  .ifPresent(least -> whole((int) least, found)));
      if (form == int.class && isOdd(value -> accepts(type, component, value))) {
        found.put("not", Json.object("type", "integer", "multipleOf", 2));
      }
    }
    return new ParameterRange(found);
  }

  private static Optional<DoubleFunction<Object>> wholeNumber(Class<?> form) {
    if (form == int.class) {
      return Optional.of(value -> (int) value);
    } else if (form == Extent.class) {
      return Optional.of(value -> Extent.of((int) value));
    } else if (form == Padding.class) {
      return Optional.of(value -> Padding.of((int) value));
    }
    return Optional.empty();
  }

  private static void whole(int least, Map<String, Object> found) {
    if (least >= 0) {
      found.put("minimum", least);
    }
  }

  private static boolean isOdd(IntPredicate takes) {
    return takes.test(3) && takes.test(5) && !takes.test(4) && !takes.test(6);
  }

  private static void lower(DoubleFunction<Boolean> takes, Map<String, Object> found) {
    if (!takes.apply(-TINY) && takes.apply(TINY)) {
      found.put(takes.apply(0) ? "minimum" : "exclusiveMinimum", 0);
    }
  }

  private static void upper(DoubleFunction<Boolean> takes, Map<String, Object> found) {
    if (!takes.apply(1 + TINY) && takes.apply(1 - TINY)) {
      found.put(takes.apply(1) ? "maximum" : "exclusiveMaximum", 1);
    }
  }

  /** Returns whether the record can be made with this value; the others are harmless. */
  private static boolean accepts(RecordType type, Component asked, Object value) {
    Values values = new Values(NO_NAMES);
    Object[] arguments =
        type.components().stream()
            .map(
                c ->
                    c == asked
                        ? value
                        : c.fallback().map(f -> values.read(c, f)).orElseGet(() -> any(c)))
            .toArray();
    try {
      type.create(arguments);
      return true;
    } catch (InvalidParameterException e) {
      return false;
    }
  }

  private static Object any(Component component) {
    Class<?> form = component.type();
    if (form == double.class) {
      return 1.0;
    } else if (form == List.class) {
      return List.of(1.0);
    } else if (form.isEnum()) {
      return form.getEnumConstants()[0];
    }
    return wholeNumber(form)
        .orElseThrow(() -> new AssertionError("no value for " + component))
        .apply(1);
  }

  /** Returns the range in words: {@code at least 0, less than 1}; nothing if any number will do. */
  String words() {
    StringBuilder words = new StringBuilder();
    keywords.forEach(
        (keyword, bound) ->
            words
                .append(words.isEmpty() ? "" : ", ")
                .append(
                    switch (keyword) {
                      case "minimum" -> "at least ";
                      case "exclusiveMinimum" -> "greater than ";
                      case "maximum" -> "at most ";
                      case "exclusiveMaximum" -> "less than ";
                      default -> "odd";
                    })
                .append(keyword.equals("not") ? "" : bound));
    return words.toString();
  }
}
