package org.lamina.network;

import java.lang.reflect.ParameterizedType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamina.layer.Extent;
import org.lamina.layer.Initializer;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Padding;
import org.lamina.layer.RecordSchema;
import org.lamina.layer.RecordSchema.Component;

/**
 * The plain values that a record's component takes, the same as in YAML: numbers, words, truth
 * values, lists and maps. An extent is {@code 3} or {@code List.of(3, 5)}, an initialiser {@code
 * 0.1}, {@code "xavier"} or {@code Map.of("normal", Map.of("std", 0.01))}.
 */
public final class FieldValues {

  private static final Map<String, RecordSchema> INITIALIZERS =
      RecordSchema.permittedBy(Initializer.class);

  private FieldValues() {}

  /**
   * Returns what a component holds for a plain value; a value of the component's own type stays as
   * it is.
   *
   * @throws InvalidParameterException if the component does not take the value
   */
  static Object read(Component component, Object value) {
    String key = component.key();
    Class<?> type = component.type();
    if (type == int.class) {
      return integer(key, "a whole number", value);
    } else if (type == double.class) {
      return number(key, "a number", value);
    } else if (type.isInstance(value) && type != List.class) {
      return value;
    } else if (type == boolean.class) {
      return truth(key, value);
    } else if (type == Extent.class) {
      return extent(key, value);
    } else if (type == Padding.class) {
      return padding(key, value);
    } else if (type == Initializer.class) {
      return initializer(key, value);
    } else if (type.isEnum()) {
      return constant(key, type, value);
    } else if (type == List.class
        && component.generic() instanceof ParameterizedType list
        && list.getActualTypeArguments()[0] == Double.class) {
      return numbers(key, value);
    }
    throw new AssertionError("no plain form of " + component.generic());
  }

  /** Returns what a component is where nobody says, or null if somebody must. */
  static Object fallback(Component component) {
    return component.fallback().map(yaml -> read(component, scalar(yaml))).orElse(null);
  }

  private static Object scalar(String yaml) {
    if (yaml.matches("true|false")) {
      return Boolean.valueOf(yaml);
    }
    return yaml.matches("-?[0-9].*") ? new BigDecimal(yaml) : yaml;
  }

  /**
   * Returns the shortest plain value that stands for what a component holds: an {@link Integer},
   * {@link Double}, {@link Boolean}, {@link String}, a list of numbers, or a map.
   */
  public static Object plain(Object held) {
    if (held instanceof Extent extent) {
      return extent.h() == extent.w() ? extent.h() : List.of(extent.h(), extent.w());
    } else if (held instanceof Padding pad) {
      if (pad.top() != pad.bottom() || pad.left() != pad.right()) {
        return List.of(pad.top(), pad.left(), pad.bottom(), pad.right());
      }
      return pad.top() == pad.left() ? pad.top() : List.of(pad.top(), pad.left());
    } else if (held instanceof Initializer initializer) {
      return plain(initializer);
    } else if (held instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT);
    } else if (held instanceof List<?> list) {
      return list.size() == 1 ? list.get(0) : list;
    }
    return held;
  }

  private static Object plain(Initializer initializer) {
    if (initializer instanceof Initializer.Constant constant) {
      return constant.value();
    }
    RecordSchema schema = RecordSchema.of(initializer);
    Map<String, Object> fields = fields(initializer);
    return fields.isEmpty() ? schema.key() : Map.of(schema.key(), fields);
  }

  /** Returns the fields of a record that are not what they would be anyway, as plain values. */
  public static Map<String, Object> fields(Object record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (Component component : RecordSchema.of(record).components()) {
      Object held = component.of(record);
      if (!held.equals(fallback(component))) {
        fields.put(component.key(), plain(held));
      }
    }
    return fields;
  }

  private static int integer(String key, String wanted, Object value) {
    BigDecimal number = decimal(key, wanted, value);
    if (number.stripTrailingZeros().scale() > 0) {
      throw wrong(key, wanted, value);
    }
    if (number.abs().compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
      throw wrong(key, "a number of at most " + Integer.MAX_VALUE, value);
    }
    return number.intValue();
  }

  private static double number(String key, String wanted, Object value) {
    return value instanceof Double exact && Double.isFinite(exact)
        ? exact
        : decimal(key, wanted, value).doubleValue();
  }

  private static BigDecimal decimal(String key, String wanted, Object value) {
    boolean finite = value instanceof Number number && Double.isFinite(number.doubleValue());
    if (!finite) {
      throw wrong(key, wanted, value);
    }
    return new BigDecimal(value.toString());
  }

  private static boolean truth(String key, Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw wrong(key, "true or false", value);
  }

  private static Extent extent(String key, Object value) {
    String wanted = "one number or [height, width]";
    int[] s = integers(key, wanted, value);
    return switch (s.length) {
      case 1 -> Extent.of(s[0]);
      case 2 -> new Extent(s[0], s[1]);
      default -> throw wrong(key, wanted, value);
    };
  }

  private static Padding padding(String key, Object value) {
    String wanted = "one number, [height, width] or [top, left, bottom, right]";
    int[] s = integers(key, wanted, value);
    return switch (s.length) {
      case 1 -> Padding.of(s[0]);
      case 2 -> new Padding(s[0], s[1], s[0], s[1]);
      case 4 -> new Padding(s[0], s[1], s[2], s[3]);
      default -> throw wrong(key, wanted, value);
    };
  }

  private static int[] integers(String key, String wanted, Object value) {
    if (value instanceof List<?> list) {
      if (list.size() < 2) {
        throw wrong(key, wanted, value);
      }
      return list.stream().mapToInt(item -> integer(key, wanted, item)).toArray();
    }
    return new int[] {integer(key, wanted, value)};
  }

  private static List<Double> numbers(String key, Object value) {
    String wanted = "a number or a list of numbers";
    if (value instanceof List<?> list && !list.isEmpty()) {
      return list.stream().map(item -> number(key, wanted, item)).toList();
    }
    return List.of(number(key, wanted, value));
  }

  private static Object constant(String key, Class<?> type, Object value) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(FieldValues::plain)
            .map(String.class::cast)
            .toList();
    if (value instanceof String word && names.contains(word)) {
      return type.getEnumConstants()[names.indexOf(word)];
    }
    int last = names.size() - 1;
    String wanted = String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    InvalidParameterException wrong = wrong(key, wanted, value);
    throw value instanceof String word
        ? new InvalidParameterException(key, wrong.getMessage() + Names.suggest(word, names))
        : wrong;
  }

  private static Object initializer(String key, Object value) {
    if (value instanceof Number) {
      return new Initializer.Constant(number(key, "a number", value));
    } else if (value instanceof String name) {
      return initializer(key, name, Map.of());
    } else if (value instanceof Map<?, ?> map && map.size() == 1) {
      Map.Entry<?, ?> only = map.entrySet().iterator().next();
      if (only.getKey() instanceof String name && only.getValue() instanceof Map<?, ?> fields) {
        return initializer(key, name, fields);
      }
    }
    throw wrong(key, "a number or an initialiser", value);
  }

  private static Object initializer(String key, String name, Map<?, ?> fields) {
    RecordSchema schema = INITIALIZERS.get(name);
    if (schema == null) {
      throw new InvalidParameterException(
          key,
          "%s: there is no initialiser '%s'%s"
              .formatted(key, name, Names.suggestOrList(name, INITIALIZERS.keySet())));
    }
    try {
      return Layers.create(schema, fields);
    } catch (InvalidParameterException e) {
      throw new InvalidParameterException(key, key + ": " + e.getMessage());
    }
  }

  private static InvalidParameterException wrong(String key, String wanted, Object value) {
    String shown =
        value instanceof List<?> list
            ? "a list of " + list.size()
            : value instanceof Map
                ? "a mapping"
                : value instanceof Number || value instanceof Boolean
                    ? value.toString()
                    : "'" + value + "'";
    return new InvalidParameterException(
        key, "%s must be %s, but is %s".formatted(key, wanted, shown));
  }
}
