package org.lamina.yaml;

import static org.lamina.yaml.Json.list;
import static org.lamina.yaml.Json.object;

import java.util.List;
import java.util.Map;

/** The schemas of layers that stand for those of a block. */
final class Uses {

  static final String REPEAT = "repeat";
  static final String CONDITIONAL = "when_shape_differs";

  /** Returns the schema of several uses of a block. */
  Map<String, Object> repeat() {
    Map<String, Object> properties = SchemaGenerator.common();
    properties.put(
        "block",
        object("description", "The block.", "allOf", list(object("$ref", "#/definitions/name"))));
    Map<String, Object> times =
        FieldSchemas.orExpression(
            "a whole number", list("integer"), object("minimum", 1, "maximum", 10_000));
    times.put("description", "How many uses follow each other, at least 1.");
    times.put("default", 1);
    properties.put("times", times);
    properties.put("with", arguments("Arguments of every use."));
    properties.put("first", arguments("Arguments of the first use that differ."));
    properties.put("last", arguments("Arguments of the last use that differ."));
    return object(
        "description",
        "Uses of a block, one after the other.",
        "type",
        "object",
        "properties",
        properties,
        "required",
        list("block"),
        "additionalProperties",
        false);
  }

  private static Map<String, Object> arguments(String description) {
    return object(
        "description", description, "allOf", list(object("$ref", "#/definitions/values")));
  }

  /** Returns the schema of one use of a block: its arguments are not known here. */
  Map<String, Object> use() {
    return object(
        "description", "One use of a block of this name.",
        "type", list("object", "null"),
        "properties", SchemaGenerator.common(),
        "additionalProperties", object("type", list("number", "string", "boolean")));
  }

  /** Returns what holds for a branch that is a mapping. */
  static List<Object> eitherLayersOrConditional() {
    Map<String, Object> layers = object("required", list("layers"));
    Map<String, Object> conditional = object("required", list(CONDITIONAL));
    return list(
        object("if", object("type", "object"), "then", object("oneOf", list(layers, conditional))));
  }
}
