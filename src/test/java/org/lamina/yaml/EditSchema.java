package org.lamina.yaml;

import static org.lamina.yaml.Json.list;
import static org.lamina.yaml.Json.object;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** The schema of edits. The names of layers are not known to it, the fields of layers are. */
final class EditSchema {

  private final Map<String, List<Object>> fields;

  /**
   * Makes it.
   *
   * @param fields by key, what each field may be in the layers that have it
   */
  EditSchema(Map<String, List<Object>> fields) {
    this.fields = fields;
  }

  private static Map<String, Object> ref(String definition) {
    return object("$ref", "#/definitions/" + definition);
  }

  /** Returns the definitions of a list of edits and what it consists of. */
  Map<String, Object> definitions() {
    Map<String, Object> operations = new LinkedHashMap<>();
    operations.put("set", set());
    operations.put(
        "remove", object("description", "Takes layers out, by name.", "allOf", list(ref("names"))));
    operations.put("insert", insert());
    operations.put(
        "replace",
        operation(
            "Puts another layer in the place of one; it keeps the name and 'from' unless it says"
                + " otherwise.",
            object("layer", ref("name"), "with", ref("layer")),
            "layer",
            "with"));
    operations.put("move", move());
    Map<String, Object> edit =
        object(
            "type",
            "object",
            "properties",
            operations,
            "additionalProperties",
            false,
            "minProperties",
            1,
            "maxProperties",
            1);
    return object(
        "edits", object("type", "array", "items", ref("edit"), "maxItems", 1000), "edit", edit);
  }

  private static Map<String, Object> operation(
      String description, Map<String, Object> properties, Object... required) {
    return object(
        "description",
        description,
        "type",
        "object",
        "properties",
        properties,
        "required",
        list(required),
        "additionalProperties",
        false);
  }

  private static Map<String, Object> insert() {
    Map<String, Object> insert =
        operation(
            "Puts layers before or after one.",
            object("before", ref("name"), "after", ref("name"), "layers", ref("layers")),
            "layers");
    insert.put("oneOf", beforeOrAfter());
    return insert;
  }

  private static Map<String, Object> move() {
    Map<String, Object> move =
        operation(
            "Takes a layer to before or after another one.",
            object("layer", ref("name"), "before", ref("name"), "after", ref("name")),
            "layer");
    move.put("oneOf", beforeOrAfter());
    return move;
  }

  private static List<Object> beforeOrAfter() {
    return list(object("required", list("before")), object("required", list("after")));
  }

  private Map<String, Object> set() {
    Map<String, Object> values = new LinkedHashMap<>();
    fields.forEach(
        (key, forms) -> {
          List<Object> different = List.copyOf(new LinkedHashSet<>(forms));
          values.put(
              "^.+\\." + key + "$",
              different.size() == 1 ? different.get(0) : object("anyOf", different));
        });
    values.put("^.+\\.from$", ref("names"));
    values.put("^.+\\.device$", ref("name"));
    for (String key : list("block", "times", "with", "first", "last").toArray(String[]::new)) {
      values.put("^.+\\." + key + "$", ref(Uses.REPEAT + "/properties/" + key));
    }
    values.put("^.+\\.(name|branches)$", false);
    // What is no field of a layer may be an argument of a block in the other file.
    return object(
        "description",
        "Sets fields: {conv1.filters: 64}.",
        "type",
        "object",
        "propertyNames",
        object("pattern", "^.+\\..+$"),
        "patternProperties",
        values,
        "additionalProperties",
        object("type", list("number", "string", "boolean")));
  }
}
