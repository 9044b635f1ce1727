package org.lamina.yaml;

import static org.lamina.yaml.Json.list;
import static org.lamina.yaml.Json.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.yaml.RecordType.Component;

/** The schema of the steps under {@code preprocess} and {@code training.augment}. */
final class PreprocessSchema {

  private static final List<String> COMPUTED = List.of("mean", "std");

  private final FieldSchemas fields;

  PreprocessSchema(FieldSchemas fields) {
    this.fields = fields;
  }

  /** Returns the schema of a step: one key, and its fields or what stands for them. */
  Map<String, Object> step(Map<String, RecordType> types) {
    Map<String, Object> steps = new LinkedHashMap<>();
    types.forEach((key, type) -> steps.put(key, one(type)));
    return object(
        "type",
        "object",
        "properties",
        steps,
        "additionalProperties",
        false,
        "minProperties",
        1,
        "maxProperties",
        1);
  }

  /** Returns the schema of a step of augment, which may be a key alone. */
  Map<String, Object> augmentation(Map<String, RecordType> types) {
    List<Object> words = new ArrayList<>();
    types.forEach(
        (key, type) ->
            words.add(object("const", key, "description", fields.doc(type).text().plain())));
    words.add(step(types));
    return object("anyOf", words);
  }

  /** A value may stand for the only field, or for a height and a width. */
  private Map<String, Object> one(RecordType type) {
    Component first = type.components().get(0);
    String description = fields.doc(type).text().plain();
    List<Object> forms = new ArrayList<>();
    if (type.keys().size() > 1 && type.keys().subList(0, 2).equals(List.of("height", "width"))) {
      Map<String, Object> side = fields.form(type, first);
      Map<String, Object> sides =
          FieldSchemas.orExpression(
              "one number or [height, width]",
              list("integer", "array"),
              object("items", side, "minItems", 2, "maxItems", 2));
      side.forEach((keyword, value) -> sides.putIfAbsent(keyword, value));
      forms.add(sides);
    } else {
      forms.add(fields.form(type, first));
    }
    if (COMPUTED.contains(type.key())) {
      forms.add(object("const", "computed"));
    }
    if (FieldSchemas.required(type).isEmpty()) {
      forms.add(object("type", "null"));
    }
    forms.add(FieldSchemas.fields(type, description, fields.properties(type)));
    return object("description", description, "anyOf", forms);
  }
}
