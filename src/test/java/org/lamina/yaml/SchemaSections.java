package org.lamina.yaml;

import static org.lamina.yaml.Json.list;
import static org.lamina.yaml.Json.object;
import static org.lamina.yaml.SchemaGenerator.NAME;
import static org.lamina.yaml.SchemaGenerator.ref;

import java.util.LinkedHashMap;
import java.util.Map;
import org.lamina.layer.Precision;

/** The schemas of the sections of a network file. */
final class SchemaSections {

  private SchemaSections() {}

  /** Adds a description to a schema. */
  static Map<String, Object> described(Map<String, Object> schema, String description) {
    // In draft 7 nothing counts beside a $ref.
    if (schema.containsKey("$ref")) {
      return object("description", description, "allOf", list(schema));
    }
    Map<String, Object> described = object("description", description);
    described.putAll(schema);
    return described;
  }

  /** Returns the sections of a file. */
  static Map<String, Object> sections() {
    Map<String, Object> sections = new LinkedHashMap<>();
    sections.put("network", described(ref("name"), "The name of the network."));
    sections.put(
        "extends",
        object(
            "description",
            "The network that this one is derived from: a file, by its path from this one, or the"
                + " name of a shipped network; 'file@variant' is a variant of it.",
            "type",
            "string",
            "minLength",
            1));
    sections.putAll(changeable());
    sections.put(
        "layers",
        described(
            ref("layers"),
            "The layers in a chain: each reads the one before it, the first the input."));
    sections.put(
        "edit",
        described(ref("edits"), "Changes of the network that this one extends, done in order."));
    sections.put(
        "variants",
        object(
            "description",
            "Networks derived from this one, by name: file@name stands for each.",
            "type",
            "object",
            "propertyNames",
            object("pattern", NAME),
            "additionalProperties",
            ref("variant")));
    return sections;
  }

  /** Returns the sections that a file, one that extends it and a variant may all have. */
  static Map<String, Object> changeable() {
    Map<String, Object> sections = new LinkedHashMap<>();
    sections.put("input", described(ref("input"), "The only input; layers call it 'input'."));
    sections.put(
        "inputs",
        object(
            "description",
            "Several inputs, by name.",
            "type",
            "object",
            "propertyNames",
            object("pattern", NAME),
            "additionalProperties",
            ref("input"),
            "minProperties",
            1));
    sections.put(
        "let",
        described(
            ref("values"),
            "Variables, which =expressions use: numbers, words, or true and false."));
    sections.put("defaults", defaults());
    sections.put("blocks", blocks());
    sections.put(
        "precision",
        object(
            "description",
            "How weights are stored on a device, unless the command says otherwise.",
            "enum",
            Precision.keys()));
    sections.put(
        "preprocess",
        object(
            "description",
            "How a picture (8-bit RGB) becomes the input: steps in the order they are done.",
            "type",
            "array",
            "items",
            ref("step")));
    sections.put(
        "loss",
        object(
            "description", "What training makes small, by name.",
            "type", "string",
            "minLength", 1));
    sections.put("training", training());
    return sections;
  }

  private static Map<String, Object> training() {
    Map<String, Object> augment =
        object(
            "description",
            "How training pictures are varied: steps in the order they are done.",
            "type",
            "array",
            "items",
            ref("augmentation"));
    return object(
        "description",
        "How it is trained.",
        "type",
        "object",
        "properties",
        object("augment", augment));
  }

  private static Map<String, Object> defaults() {
    Map<String, Object> types = new LinkedHashMap<>();
    ItemReader.TYPES.forEach(
        (key, type) -> {
          Map<String, Object> properties = new LinkedHashMap<>();
          type.keys().forEach(field -> properties.put(field, field(key, field)));
          types.put(
              key,
              object("type", "object", "properties", properties, "additionalProperties", false));
        });
    return object(
        "description",
        "Fields of all layers of a type that do not say otherwise.",
        "type",
        "object",
        "properties",
        types,
        "additionalProperties",
        false);
  }

  /** Refers to the field of a layer. */
  static Map<String, Object> field(String type, String field) {
    return ref(type + "/properties/" + field);
  }

  private static Map<String, Object> blocks() {
    Map<String, Object> block =
        object(
            "type",
            "object",
            "properties",
            object(
                "args",
                    described(
                        ref("values"),
                        "What a use may say: each with its default, or int, float, bool or word"
                            + " if a use must say it."),
                "layers", described(ref("layers"), "The layers that every use stands for.")),
            "required",
            list("layers"),
            "additionalProperties",
            false);
    return object(
        "description",
        "Layers that are used several times, by name: a use is a layer of that type.",
        "type",
        "object",
        "propertyNames",
        object("pattern", NAME.replace(".", ""), "not", object("enum", SchemaConditions.types())),
        "additionalProperties",
        block);
  }

  /** Returns the schema of a variant: what a file that extends another has, but for the name. */
  static Map<String, Object> variant() {
    Map<String, Object> sections = changeable();
    sections.put("network", described(ref("name"), "The name of the network."));
    sections.put("edit", described(ref("edits"), "Changes of the network, done in order."));
    return object("type", "object", "properties", sections, "additionalProperties", false);
  }
}
