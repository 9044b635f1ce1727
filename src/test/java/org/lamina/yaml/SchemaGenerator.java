package org.lamina.yaml;

import static org.lamina.yaml.FieldSchemas.orExpression;
import static org.lamina.yaml.Json.list;
import static org.lamina.yaml.Json.object;
import static org.lamina.yaml.SchemaSections.described;
import static org.lamina.yaml.SchemaSections.field;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.lamina.layer.Initializer;
import org.lamina.network.Preprocessing.Step;

/**
 * Makes the JSON Schema of network files from the records: the layers, their fields and what is
 * said about them come from there; the sections around them from here.
 *
 * <p>What a layer needs may stand under {@code defaults} instead, and what is no layer type may be
 * a block. {@link SchemaConditions} says where neither can be.
 */
final class SchemaGenerator {

  /** Letters of names, as {@code ItemReader} has them. */
  static final String NAME = "^[A-Za-z0-9_][A-Za-z0-9_./:+-]{0,199}$";

  private static final String VARIABLE = "^[A-Za-z_][A-Za-z0-9_]*$";

  private static final Map<String, RecordType> INITIALIZERS =
      RecordType.permittedBy(Initializer.class);

  private final FieldSchemas fields = new FieldSchemas(RecordDocs.read());

  /** Returns the schema as text. */
  static String generate() {
    return Json.print(new SchemaGenerator().schema());
  }

  private Map<String, Object> schema() {
    Map<String, Object> schema =
        object(
            "$schema", "http://json-schema.org/draft-07/schema#",
            "$id", NetworkSchema.ID,
            "title", "Lamina network",
            "description", "A convolutional network, or a change of another one, for Lamina.",
            "type", "object",
            "properties", SchemaSections.sections(),
            "additionalProperties", false);
    schema.putAll(SchemaConditions.ofFiles(ItemReader.TYPES));
    schema.put("definitions", definitions());
    return schema;
  }

  /** Refers to a definition. */
  static Map<String, Object> ref(String definition) {
    return object("$ref", "#/definitions/" + definition);
  }

  private Map<String, Object> definitions() {
    Map<String, Object> definitions = new LinkedHashMap<>();
    definitions.put(
        "name",
        object(
            "type",
            list("string", "number"),
            "pattern",
            NAME,
            "patternErrorMessage",
            "must be 1 to 200 letters, digits or _ . / : + - and begin with a letter, a digit or _"));
    definitions.put("names", names());
    definitions.put("values", values());
    definitions.put("input", input());
    definitions.put("initializer", fields.initializer(INITIALIZERS));
    definitions.put("layers", object("type", "array", "items", ref("layer")));
    definitions.put("layer", layer());
    definitions.put("branches", branches());
    ItemReader.TYPES.forEach((key, type) -> definitions.put(key, body(type)));
    definitions.put(Uses.REPEAT, new Uses().repeat());
    definitions.put("use", new Uses().use());
    definitions.put("step", new PreprocessSchema(fields).step(RecordType.permittedBy(Step.class)));
    definitions.put(
        "augmentation", new PreprocessSchema(fields).augmentation(AugmentationReader.STEPS));
    definitions.putAll(new EditSchema(fieldsByKey()).definitions());
    definitions.put("variant", SchemaSections.variant());
    definitions.putAll(SchemaConditions.definitions(ItemReader.TYPES));
    return definitions;
  }

  private static Map<String, Object> names() {
    return object(
        "type",
        list("string", "number", "array"),
        "pattern",
        NAME,
        "items",
        ref("name"),
        "minItems",
        1);
  }

  private static Map<String, Object> values() {
    return object(
        "type", "object",
        "propertyNames", object("pattern", VARIABLE),
        "additionalProperties", object("type", list("number", "string", "boolean")));
  }

  private static Map<String, Object> input() {
    Map<String, Object> extent =
        orExpression(
            "a whole number", list("integer"), object("minimum", 1, "maximum", Integer.MAX_VALUE));
    return object(
        "type",
        "object",
        "properties",
        object(
            "shape",
            object(
                "description",
                "Channels, height and width of one picture.",
                "type",
                "array",
                "items",
                extent,
                "minItems",
                3,
                "maxItems",
                3)),
        "required",
        list("shape"),
        "additionalProperties",
        false);
  }

  /** A layer is the word of its type, or a mapping of it to its fields. */
  private static Map<String, Object> layer() {
    Map<String, Object> types = new LinkedHashMap<>();
    ItemReader.TYPES.keySet().forEach(key -> types.put(key, ref(key)));
    types.put(Uses.REPEAT, ref(Uses.REPEAT));
    return object(
        "type",
        list("object", "string"),
        "pattern",
        NAME,
        "properties",
        types,
        "additionalProperties",
        ref("use"),
        "minProperties",
        1,
        "maxProperties",
        1);
  }

  private static Map<String, Object> branches() {
    Map<String, Object> fields =
        object(
            "layers",
            described(ref("layers"), "The layers of the branch."),
            Uses.CONDITIONAL,
            described(
                ref("layers"),
                "A shortcut: these layers where the other branches change the shape, none"
                    + " elsewhere."),
            "device",
            described(ref("name"), "Where the layers belong that do not say."));
    return object(
        "description",
        "Lists of layers, each of which begins at what the layer reads and ends in it.",
        "type",
        "array",
        "items",
        object(
            "type", list("array", "object"),
            "items", ref("layer"),
            "properties", fields,
            "allOf", Uses.eitherLayersOrConditional(),
            "additionalProperties", false));
  }

  private Map<String, Object> body(RecordType type) {
    Map<String, Object> properties = common();
    properties.putAll(fields.properties(type));
    List<Object> forms = new ArrayList<>(list("object", "null"));
    boolean joins = ItemReader.JOINING.contains(type.key());
    if (joins) {
      properties.put("branches", ref("branches"));
      forms.add("array");
    }
    Map<String, Object> body =
        object(
            "description",
            fields.doc(type).text().plain(),
            "type",
            forms,
            "properties",
            properties,
            "additionalProperties",
            false);
    if (joins) {
      body.put("items", object("$ref", "#/definitions/branches/items"));
    }
    return body;
  }

  /** Returns the fields that every layer may have. */
  static Map<String, Object> common() {
    Map<String, Object> common = new LinkedHashMap<>();
    common.put("name", described(ref("name"), "The layer's output and weights go by it."));
    common.put(
        "from",
        described(
            ref("names"), "The layers or inputs that it reads, instead of the layer before it."));
    common.put(
        "device",
        described(ref("name"), "A label that says where the layer belongs; data for tools."));
    return common;
  }

  /** Returns what each field may be in the layers that have it, for edits. */
  private static Map<String, List<Object>> fieldsByKey() {
    Map<String, List<Object>> found = new TreeMap<>();
    ItemReader.TYPES.forEach(
        (key, type) ->
            new TreeSet<>(type.keys())
                .forEach(
                    field ->
                        found
                            .computeIfAbsent(field, f -> new ArrayList<>())
                            .add(field(key, field))));
    return found;
  }
}
