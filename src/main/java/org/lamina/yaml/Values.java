package org.lamina.yaml;

import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.lamina.layer.Extent;
import org.lamina.layer.Initializer;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Padding;
import org.lamina.network.Names;
import org.lamina.yaml.RecordType.Component;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Reads values as what the component of a record wants. Every method throws a {@link Fault}. */
final class Values {

  private static final Map<String, RecordType> INITIALIZERS =
      RecordType.permittedBy(Initializer.class);

  private final Scope scope;

  Values(Scope scope) {
    this.scope = scope;
  }

  /** Returns the value of a component. */
  Object read(Component component, Value value) {
    String key = component.key();
    Class<?> type = component.type();
    if (type == int.class) {
      return integer(key, value);
    } else if (type == double.class) {
      return number(key, value);
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
    throw new AssertionError("no YAML form for " + component.generic());
  }

  /** Returns a whole number. */
  int integer(String key, Value value) {
    Literal literal = literal(key, "a whole number", value);
    if (!(literal instanceof Literal.Number number) || !number.value().isWhole()) {
      throw wrong(key, "a whole number", value, literal);
    }
    if (number.value().numerator().bitLength() > 31) {
      throw wrong(key, "a number of at most " + Integer.MAX_VALUE, value, literal);
    }
    return number.value().numerator().intValue();
  }

  /** Returns a finite number. */
  double number(String key, Value value) {
    Literal literal = literal(key, "a number", value);
    if (!(literal instanceof Literal.Number number)) {
      throw wrong(key, "a number", value, literal);
    }
    double result = number.value().toDouble();
    if (Double.isInfinite(result)) {
      throw wrong(key, "a number of at most " + Double.MAX_VALUE, value, literal);
    }
    return result;
  }

  private boolean truth(String key, Value value) {
    Literal literal = literal(key, "true or false", value);
    if (literal instanceof Literal.Truth truth) {
      return truth.value();
    }
    throw wrong(key, "true or false", value, literal);
  }

  private Extent extent(String key, Value value) {
    String wanted = "one number or [height, width]";
    List<Integer> sides = integers(key, wanted, value);
    return switch (sides.size()) {
      case 1 -> Extent.of(sides.get(0));
      case 2 -> new Extent(sides.get(0), sides.get(1));
      default -> throw wrongCount(key, wanted, value, sides.size());
    };
  }

  private Padding padding(String key, Value value) {
    String wanted = "one number, [height, width] or [top, left, bottom, right]";
    List<Integer> s = integers(key, wanted, value);
    return switch (s.size()) {
      case 1 -> Padding.of(s.get(0));
      case 2 -> new Padding(s.get(0), s.get(1), s.get(0), s.get(1));
      case 4 -> new Padding(s.get(0), s.get(1), s.get(2), s.get(3));
      default -> throw wrongCount(key, wanted, value, s.size());
    };
  }

  /** Returns the elements of a list of whole numbers; a list that stands for 1 must be a scalar. */
  private List<Integer> integers(String key, String wanted, Value value) {
    if (value instanceof Sequence list) {
      if (list.items().size() < 2) {
        throw wrongCount(key, wanted, value, list.items().size());
      }
      return list.items().stream().map(item -> integer(key, item)).toList();
    }
    if (value instanceof Mapping) {
      throw wrong(key, wanted, value);
    }
    return List.of(integer(key, value));
  }

  private List<Double> numbers(String key, Value value) {
    if (value instanceof Sequence list && !list.items().isEmpty()) {
      return list.items().stream().map(item -> number(key, item)).toList();
    }
    if (value instanceof Scalar) {
      return List.of(number(key, value));
    }
    throw wrong(key, "a number or a list of numbers", value);
  }

  private Object constant(String key, Class<?> type, Value value) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
            .toList();
    String wanted = oneOf(names);
    Literal literal = literal(key, wanted, value);
    if (literal instanceof Literal.Text text && names.contains(text.value())) {
      return type.getEnumConstants()[names.indexOf(text.value())];
    }
    Fault fault = wrong(key, wanted, value, literal);
    throw literal instanceof Literal.Text text
        ? new Fault(fault.place(), fault.getMessage() + Names.suggest(text.value(), names))
        : fault;
  }

  private Object initializer(String key, Value value) {
    if (value instanceof Mapping mapping && mapping.fields().size() == 1) {
      Field field = mapping.fields().values().iterator().next();
      RecordType type = initializerType(key, field.key(), field.place());
      if (field.value() instanceof Mapping fields) {
        return record(key, type, fields.fields(), field.place());
      }
      if (field.value() instanceof Scalar scalar && scalar.isNothing()) {
        return record(key, type, Map.of(), field.place());
      }
      throw new Fault(
          field.value().place(),
          "%s: %s takes its fields as a mapping, {%s: …}, but this is %s"
              .formatted(key, type.key(), type.keys().get(0), field.value().describe()));
    }
    Literal literal = literal(key, "a number or an initialiser", value);
    if (literal instanceof Literal.Number) {
      return new Initializer.Constant(number(key, value));
    }
    if (literal instanceof Literal.Text text) {
      return record(
          key, initializerType(key, text.value(), value.place()), Map.of(), value.place());
    }
    throw wrong(key, "a number or an initialiser", value, literal);
  }

  private static RecordType initializerType(String key, String name, Place place) {
    return Optional.ofNullable(INITIALIZERS.get(name))
        .orElseThrow(
            () ->
                new Fault(
                    place,
                    "%s: there is no initialiser '%s'%s"
                        .formatted(key, name, suggest(name, INITIALIZERS.keySet()))));
  }

  /**
   * Returns a record whose fields stand inside a value, such as {@code {std: 0.01}}.
   *
   * @param context opens every message
   * @param at where the record's own key stands
   */
  Object record(String context, RecordType type, Map<String, Field> fields, Place at) {
    for (Field field : fields.values()) {
      if (!type.keys().contains(field.key())) {
        throw new Fault(field.place(), context + ": " + unknownKey(type, field.key(), List.of()));
      }
    }
    List<Object> arguments = new ArrayList<>();
    for (Component component : type.components()) {
      Value value =
          Optional.ofNullable(fields.get(component.key()))
              .map(Field::value)
              .or(component::fallback)
              .orElseThrow(() -> new Fault(at, context + ": " + missing(type, component.key())));
      arguments.add(inside(context, () -> read(component, value)));
    }
    try {
      return type.create(arguments.toArray());
    } catch (InvalidParameterException e) {
      Field culprit = fields.get(e.parameter());
      Place place = culprit == null ? at : culprit.value().place();
      throw new Fault(place, context + ": " + e.getMessage());
    }
  }

  private static Object inside(String context, Supplier<Object> action) {
    try {
      return action.get();
    } catch (Fault fault) {
      throw new Fault(fault.place(), context + ": " + fault.getMessage());
    }
  }

  /** Returns the message about a key that a record does not have. */
  static String unknownKey(RecordType type, String key, List<String> more) {
    return unknownKey(type.key(), type.keys(), key, more);
  }

  /** Returns the message about a key that a type of layer does not have. */
  static String unknownKey(String type, List<String> keys, String key, List<String> more) {
    List<String> known = new ArrayList<>(keys);
    known.addAll(more);
    String suggestion = Names.suggest(key, known);
    return "%s has no '%s'%s"
        .formatted(
            type, key, suggestion.isEmpty() ? "; it has " + String.join(", ", known) : suggestion);
  }

  /** Returns the message about a key that a record needs. */
  static String missing(RecordType type, String key) {
    return "'%s' is missing; %s cannot do without it".formatted(key, type.key());
  }

  /** Returns what is nearest to a name, or else everything that there is. */
  static String suggest(String name, Collection<String> known) {
    return Names.suggestOrList(name, known);
  }

  private Literal literal(String key, String wanted, Value value) {
    if (value instanceof Scalar scalar && !scalar.isNothing()) {
      return scope.resolve(scalar);
    }
    throw wrong(key, wanted, value);
  }

  private static String oneOf(List<String> names) {
    return names.subList(0, names.size() - 1).stream().collect(Collectors.joining(", "))
        + " or "
        + names.get(names.size() - 1);
  }

  private static Fault wrong(String key, String wanted, Value value) {
    return new Fault(
        value.place(), "%s must be %s, but is %s".formatted(key, wanted, value.describe()));
  }

  private static Fault wrong(String key, String wanted, Value value, Literal literal) {
    if (value instanceof Scalar scalar && scalar.isExpression()) {
      return new Fault(
          value.place(),
          "%s must be %s, but %s is %s".formatted(key, wanted, scalar.text(), literal));
    }
    return wrong(key, wanted, value);
  }

  private static Fault wrongCount(String key, String wanted, Value value, int count) {
    return new Fault(
        value.place(), "%s must be %s, but is a list of %d".formatted(key, wanted, count));
  }
}
