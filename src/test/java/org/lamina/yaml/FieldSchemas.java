package org.lamina.yaml;

import static org.lamina.yaml.Json.list;
import static org.lamina.yaml.Json.object;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Extent;
import org.lamina.layer.Initializer;
import org.lamina.layer.Padding;
import org.lamina.layer.RecordSchema;
import org.lamina.yaml.RecordDocs.Doc;
import org.lamina.yaml.RecordType.Component;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** The fields of records as JSON Schema: type, range, default and documentation. */
final class FieldSchemas {

  /** What begins an expression. */
  static final String EXPRESSION = "^=.*\\S";

  private final RecordDocs docs;

  FieldSchemas(RecordDocs docs) {
    this.docs = docs;
  }

  /** Returns the schemas of a record's fields by key. */
  Map<String, Object> properties(RecordType type) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (Component component : type.components()) {
      Map<String, Object> schema = new LinkedHashMap<>(form(type, component));
      schema.put("description", DocText.plain(meaning(type, component)));
      if (component.fallback().isPresent()) {
        schema.put("default", literal(component));
      }
      properties.put(component.key(), schema);
    }
    return properties;
  }

  /** Returns the keys of a record that have no default. */
  static List<String> required(RecordType type) {
    return type.components().stream()
        .filter(component -> component.fallback().isEmpty())
        .map(Component::key)
        .toList();
  }

  /** Returns the documentation of a record. */
  Doc doc(RecordType type) {
    return docs.of(type.schema().type());
  }

  private static RecordSchema.Component declared(RecordType type, Component component) {
    return type.schema().components().stream()
        .filter(declared -> declared.key().equals(component.key()))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the default of a component as its record says it. */
  static Optional<String> fallback(RecordType type, Component component) {
    return declared(type, component).fallback();
  }

  /** Returns what a record says about a component. */
  String meaning(RecordType type, Component component) {
    String name = declared(type, component).accessor().getName();
    return Optional.ofNullable(doc(type).components().get(name))
        .orElseThrow(() -> new AssertionError("no @param for " + type.key() + "." + name));
  }

  private static Object literal(Component component) {
    Value fallback = component.fallback().orElseThrow();
    return fallback instanceof Sequence list
        ? list.items().stream().map(item -> literal((Scalar) item)).toList()
        : literal((Scalar) fallback);
  }

  private static Object literal(Scalar scalar) {
    Literal literal = Literal.of(scalar);
    if (literal instanceof Literal.Truth truth) {
      return truth.value();
    } else if (literal instanceof Literal.Number number) {
      return number.value().isWhole()
          ? (Object) number.value().numerator()
          : (Object) number.value().toDouble();
    }
    return ((Literal.Text) literal).value();
  }

  /** Returns what may be written for a component, without its documentation. */
  Map<String, Object> form(RecordType type, Component component) {
    Map<String, Object> range = ParameterRange.of(type, component).keywords();
    Class<?> form = component.type();
    if (form == int.class) {
      return orExpression("a whole number", list("integer"), whole(range));
    } else if (form == double.class) {
      return orExpression("a number", list("number"), range);
    } else if (form == boolean.class) {
      return orExpression("true or false", list("boolean"), Map.of());
    } else if (form == Extent.class) {
      return sides("one number or [height, width]", range, 2);
    } else if (form == Padding.class) {
      Map<String, Object> padding =
          sides("one number, [height, width] or [top, left, bottom, right]", range, 4);
      padding.put("not", object("type", "array", "minItems", 3, "maxItems", 3));
      return padding;
    } else if (form == Initializer.class) {
      return object("allOf", list(object("$ref", "#/definitions/initializer")));
    } else if (form.isEnum()) {
      return words(form);
    } else if (form == List.class) {
      Map<String, Object> numbers =
          orExpression("a number or a list of numbers", list("number", "array"), range);
      numbers.put("items", orExpression("a number", list("number"), range));
      numbers.put("minItems", 1);
      return numbers;
    }
    throw new AssertionError("no schema for " + component);
  }

  private static Map<String, Object> whole(Map<String, Object> range) {
    Map<String, Object> bounds = new LinkedHashMap<>(range);
    bounds.put("maximum", Integer.MAX_VALUE);
    return bounds;
  }

  private static Map<String, Object> sides(String what, Map<String, Object> range, int most) {
    Map<String, Object> schema = orExpression(what, list("integer", "array"), whole(range));
    schema.put("items", orExpression("a whole number", list("integer"), whole(range)));
    schema.put("minItems", 2);
    schema.put("maxItems", most);
    return schema;
  }

  /**
   * Returns the schema of a value that may also be an expression.
   *
   * @param what how a message calls the value; editors that know {@code patternErrorMessage} show
   *     it
   */
  static Map<String, Object> orExpression(
      String what, List<Object> types, Map<String, Object> more) {
    List<Object> all = new ArrayList<>(types);
    all.add("string");
    Map<String, Object> schema = object("type", all, "pattern", EXPRESSION);
    schema.put("patternErrorMessage", "must be " + what + ", or an expression that begins with =");
    schema.putAll(more);
    return schema;
  }

  private Map<String, Object> words(Class<?> form) {
    Map<String, String> meanings = docs.of(form).constants();
    List<Object> choices = new ArrayList<>();
    for (Object constant : form.getEnumConstants()) {
      String word = constant.toString().toLowerCase(Locale.ROOT);
      choices.add(object("const", word, "description", DocText.plain(meanings.get(word))));
    }
    choices.add(object("type", "string", "pattern", EXPRESSION));
    return object("anyOf", choices);
  }

  /** Returns the words of an enum. */
  static List<String> constants(Class<?> form) {
    return Arrays.stream(form.getEnumConstants())
        .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** Returns the schema of an initialiser: a number, a word, or a word with fields. */
  Map<String, Object> initializer(Map<String, RecordType> types) {
    List<Object> choices = new ArrayList<>();
    choices.add(object("type", "number"));
    Map<String, Object> properties = new LinkedHashMap<>();
    types.forEach(
        (key, type) -> {
          String description = doc(type).text().plain();
          if (required(type).isEmpty()) {
            choices.add(object("const", key, "description", description));
          }
          properties.put(key, fields(type, description, properties(type)));
        });
    choices.add(object("type", "string", "pattern", EXPRESSION));
    choices.add(
        object(
            "type",
            "object",
            "properties",
            properties,
            "additionalProperties",
            false,
            "minProperties",
            1,
            "maxProperties",
            1));
    return object("anyOf", choices);
  }

  /** Returns the schema of a mapping of a record's fields; where none is needed it may be empty. */
  static Map<String, Object> fields(
      RecordType type, String description, Map<String, Object> properties) {
    List<String> required = required(type);
    Map<String, Object> schema =
        object(
            "description",
            description,
            "type",
            required.isEmpty() ? list("object", "null") : "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }
}
