package org.lamina.yaml;

import static org.lamina.yaml.Json.list;
import static org.lamina.yaml.Json.object;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What holds in a file because of what else stands there: which sections it needs, which fields
 * cannot come from defaults, and where there are no blocks.
 */
final class SchemaConditions {

  private static final String KNOWN_TYPES = "known types";

  private SchemaConditions() {}

  /** Returns what no block can be called. */
  static List<String> types() {
    List<String> types = new ArrayList<>(ItemReader.TYPES.keySet());
    types.add(Uses.REPEAT);
    return types;
  }

  private static String needs(String type, String field) {
    return type + " needs " + field;
  }

  private static Map<String, Object> ref(String definition) {
    // A reference is a URI.
    return object("$ref", "#/definitions/" + definition.replace(" ", "%20"));
  }

  /** Returns the keywords of the whole file. */
  static Map<String, Object> ofFiles(Map<String, RecordType> types) {
    Map<String, Object> derived = object("required", list("extends"));
    List<Object> all = new ArrayList<>();
    all.add(
        object(
            "if", derived,
            "then", object("properties", object("layers", false)),
            "else",
                object(
                    "required", list("network", "layers"),
                    "anyOf",
                        list(object("required", list("input")), object("required", list("inputs"))),
                    "properties",
                        object("layers", unsuggested(object("minItems", 1)), "edit", false))));
    all.add(object("not", object("required", list("input", "inputs"))));
    all.add(
        object(
            "if", object("anyOf", list(derived, object("required", list("blocks")))),
            "else", inLayers(KNOWN_TYPES)));
    types.forEach(
        (key, type) ->
            FieldSchemas.required(type)
                .forEach(
                    field ->
                        all.add(
                            object(
                                "if", object("anyOf", list(derived, inDefaults(key, field))),
                                "else", inLayers(needs(key, field))))));
    return object("allOf", all);
  }

  private static Map<String, Object> inLayers(String definition) {
    Map<String, Object> layers = object("layers", unsuggested(ref(definition)));
    Map<String, Object> block = object("properties", layers);
    Map<String, Object> sections = new LinkedHashMap<>(layers);
    sections.put("blocks", unsuggested(object("additionalProperties", block)));
    return object("properties", sections);
  }

  /** Editors would offer the keys of conditions beside those of the file. */
  private static Map<String, Object> unsuggested(Map<String, Object> schema) {
    Map<String, Object> quiet = object("doNotSuggest", true);
    quiet.putAll(schema.containsKey("$ref") ? object("allOf", list(schema)) : schema);
    return quiet;
  }

  private static Map<String, Object> inDefaults(String type, String field) {
    Map<String, Object> fields = object("required", list(field));
    Map<String, Object> defaults =
        object("properties", object(type, fields), "required", list(type));
    return object("properties", object("defaults", defaults), "required", list("defaults"));
  }

  /** Returns definitions that look through a list of layers and into its branches. */
  static Map<String, Object> definitions(Map<String, RecordType> types) {
    Map<String, Object> definitions = new LinkedHashMap<>();
    List<String> known = List.copyOf(types.keySet());
    Map<String, Object> word =
        object(
            "propertyNames", object("enum", known),
            "if", object("type", "string"),
            "then", object("enum", known));
    everywhere(KNOWN_TYPES, word, Map.of(), definitions);
    types.forEach(
        (key, type) ->
            FieldSchemas.required(type)
                .forEach(
                    field -> {
                      String name = needs(key, field);
                      Map<String, Object> body =
                          unsuggested(object("type", "object", "required", list(field)));
                      Map<String, Object> notBare = object("not", object("const", key));
                      everywhere(name, notBare, object(key, body), definitions);
                    }));
    return definitions;
  }

  private static void everywhere(
      String name,
      Map<String, Object> layer,
      Map<String, Object> bodies,
      Map<String, Object> definitions) {
    String below = name + ", in branches";
    Map<String, Object> properties = new LinkedHashMap<>(bodies);
    new TreeSet<>(ItemReader.JOINING).forEach(key -> properties.put(key, unsuggested(ref(below))));
    Map<String, Object> item = new LinkedHashMap<>(layer);
    item.put("properties", properties);
    definitions.put(name, object("items", item));
    Map<String, Object> inside =
        object("layers", unsuggested(ref(name)), Uses.CONDITIONAL, unsuggested(ref(name)));
    Map<String, Object> branch =
        object(
            "if", object("type", "array"),
            "then", ref(name),
            "else", object("properties", inside));
    definitions.put(
        below, object("items", branch, "properties", object("branches", unsuggested(ref(below)))));
  }
}
