package org.lamina.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.lamina.network.Names;
import org.lamina.yaml.Explanation.Step;
import org.lamina.yaml.RecordType.Component;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Finds out where the values of a description come from. */
final class Explainer {

  /** How many names lead to names before the rest is left out. */
  private static final int MAX_DEPTH = 32;

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Description description;
  private final Variables variables;
  private final Map<String, Item> items = new HashMap<>();
  private final List<Step> steps = new ArrayList<>();

  Explainer(Description description, Variables variables) {
    this.description = description;
    this.variables = variables;
    Item.walk(description.layers(), item -> items.putIfAbsent(item.name().orElseThrow(), item));
  }

  /**
   * Explains a field of a layer, a variable, a section, or a key of the training.
   *
   * @throws Fault if there is no such value
   */
  Explanation explain(String path, Place at) {
    int dot = path.lastIndexOf('.');
    if (dot > 0 && items.containsKey(path.substring(0, dot))) {
      return field(path, items.get(path.substring(0, dot)), path.substring(dot + 1), at);
    }
    List<Field> let = description.history("let " + path);
    if (!let.isEmpty()) {
      let.forEach(field -> add(0, "let ", field));
      Literal value = variables.get(path, at);
      names(last(let).value(), variables, 1);
      return new Explanation(path, String.valueOf(value), steps);
    }
    List<Field> set = description.history(path);
    if (set.isEmpty()) {
      throw new Fault(at, unknown(path));
    }
    set.forEach(field -> add(0, "", field));
    names(last(set).value(), variables, 1);
    return new Explanation(path, text(last(set).value(), variables), steps);
  }

  private String unknown(String path) {
    int dot = path.lastIndexOf('.');
    List<String> known = new ArrayList<>(items.keySet());
    known.addAll(description.let().keySet());
    known.addAll(description.paths());
    String near = dot > 0 ? path.substring(0, dot) : path;
    String suggestion = Names.suggest(near, known);
    return "nothing is called '%s'%s"
        .formatted(
            path,
            suggestion.isEmpty()
                ? "; ask for LAYER.FIELD, a variable, input, preprocess, precision, loss or training.KEY"
                : suggestion);
  }

  private Explanation field(String path, Item item, String key, Place at) {
    RecordType type = ItemReader.TYPES.get(item.type());
    Optional<Component> component =
        type == null
            ? Optional.empty()
            : type.components().stream().filter(c -> c.key().equals(key)).findFirst();
    List<Field> own = item.history(key);
    if (component.isEmpty() && own.isEmpty()) {
      throw new Fault(
          at,
          type == null || ItemReader.COMMON.contains(key)
              ? item.where() + "nothing sets '%s'".formatted(key)
              : item.where() + Values.unknownKey(type, key, List.of()));
    }
    component
        .flatMap(Component::fallback)
        .ifPresent(value -> steps.add(new Step(0, "default", key + ": " + plain(value))));
    List<Field> defaults = description.history("defaults.%s.%s".formatted(item.type(), key));
    defaults.forEach(field -> add(0, "defaults ", field));
    own.forEach(field -> add(0, "", field));
    Scope scope = own.isEmpty() ? variables : item.scope().<Scope>map(s -> s).orElse(variables);
    Value value =
        !own.isEmpty()
            ? last(own).value()
            : !defaults.isEmpty()
                ? last(defaults).value()
                : component.flatMap(Component::fallback).orElse(null);
    if (value == null) {
      throw new Fault(at, item.where() + "nothing sets '%s'".formatted(key));
    }
    names(value, scope, 1);
    return new Explanation(path, text(value, scope), steps);
  }

  /** Explains the names in the expressions of a value. */
  private void names(Value value, Scope scope, int depth) {
    if (value instanceof Mapping mapping) {
      mapping.fields().values().forEach(field -> names(field.value(), scope, depth));
    } else if (value instanceof Sequence list) {
      list.items().forEach(item -> names(item, scope, depth));
    } else if (value instanceof Scalar scalar && scalar.isExpression() && depth <= MAX_DEPTH) {
      Matcher name = NAME.matcher(scalar.text());
      while (name.find()) {
        name(name.group(), scope, depth);
      }
    }
  }

  private void name(String name, Scope scope, int depth) {
    if (scope instanceof Arguments arguments && arguments.block().arguments().containsKey(name)) {
      Field declared = arguments.block().arguments().get(name);
      add(depth, "argument ", declared);
      Optional<Field> given = arguments.given(name);
      given.ifPresent(field -> add(depth, "", field));
      names(
          given.orElse(declared).value(),
          given.isPresent() ? arguments.outside() : scope,
          depth + 1);
      return;
    }
    List<Field> let = description.history("let " + name);
    let.forEach(field -> add(depth, "let ", field));
    if (!let.isEmpty()) {
      names(last(let).value(), variables, depth + 1);
    }
  }

  private void add(int depth, String what, Field field) {
    steps.add(
        new Step(
            depth, field.place().toString(), what + field.key() + ": " + plain(field.value())));
  }

  private static Field last(List<Field> fields) {
    return fields.get(fields.size() - 1);
  }

  /** Returns a value in one line, with expressions worked out. */
  private static String text(Value value, Scope scope) {
    if (value instanceof Mapping mapping) {
      return mapping.fields().values().stream()
          .map(field -> field.key() + ": " + text(field.value(), scope))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Sequence list) {
      return list.items().stream()
          .map(item -> text(item, scope))
          .collect(Collectors.joining(", ", "[", "]"));
    }
    Scalar scalar = (Scalar) value;
    if (!scalar.isExpression()) {
      return scalar.text();
    }
    Literal literal = scope.resolve(scalar);
    return literal instanceof Literal.Text word ? word.value() : String.valueOf(literal);
  }

  /** Returns a value in one line, as it is written. */
  private static String plain(Value value) {
    return text(
        value,
        new Scope() {
          @Override
          public Literal get(String name, Place at) {
            return new Literal.Text(name);
          }

          @Override
          public Literal resolve(Scalar scalar) {
            return new Literal.Text(scalar.text());
          }
        });
  }
}
