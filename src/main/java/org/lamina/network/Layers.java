package org.lamina.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.layer.RecordSchema;
import org.lamina.layer.RecordSchema.Component;

/**
 * Layers by their YAML names, with the defaults they have there: {@code Layers.of("conv",
 * Map.of("filters", 32, "kernel", 5))}. Values are those of YAML: an extent is a number or a list
 * of two, a choice one of its words, an initialiser a number, a word or a map.
 */
public final class Layers {

  private static final Map<String, RecordSchema> TYPES = RecordSchema.permittedBy(Layer.class);

  private Layers() {}

  /** Returns the types of layers by their YAML keys, in alphabetical order. */
  public static Map<String, RecordSchema> types() {
    return TYPES;
  }

  /**
   * Returns a layer that needs no fields, such as {@code relu}.
   *
   * @throws InvalidParameterException if there is no such type, or it cannot do without fields
   */
  public static Layer of(String type) {
    return of(type, Map.of());
  }

  /**
   * Returns a layer.
   *
   * @param type its YAML key
   * @param fields values by YAML key; what is left out has its default
   * @throws InvalidParameterException if there is no such type or field, a field is missing, or a
   *     value is out of range
   */
  public static Layer of(String type, Map<String, ?> fields) {
    RecordSchema schema = TYPES.get(type);
    if (schema == null) {
      throw new InvalidParameterException(
          "type",
          "there is no layer type '%s'%s"
              .formatted(type, Names.suggestOrList(type, TYPES.keySet())));
    }
    return (Layer) create(schema, fields);
  }

  /**
   * Returns a layer that differs from another one in a field.
   *
   * @param key the field's YAML key
   * @throws InvalidParameterException if there is no such field, or the value is out of range
   */
  public static Layer with(Layer layer, String key, Object value) {
    return with(layer, Map.of(key, value));
  }

  static Layer with(Layer layer, Map<String, ?> changes) {
    RecordSchema schema = RecordSchema.of(layer);
    Map<String, Object> fields = new LinkedHashMap<>();
    schema.components().forEach(component -> fields.put(component.key(), component.of(layer)));
    fields.putAll(changes);
    return (Layer) create(schema, fields);
  }

  static Object create(RecordSchema schema, Map<?, ?> fields) {
    fields.keySet().forEach(key -> requireKnown(schema, String.valueOf(key), List.of()));
    List<Object> arguments = new ArrayList<>();
    for (Component component : schema.components()) {
      Object value = fields.get(component.key());
      Object held =
          value == null ? FieldValues.fallback(component) : FieldValues.read(component, value);
      if (held == null) {
        throw new InvalidParameterException(
            component.key(),
            "'%s' is missing; %s cannot do without it".formatted(component.key(), schema.key()));
      }
      arguments.add(held);
    }
    return schema.create(arguments);
  }

  /** Throws unless a record has a component, or may have a key besides. */
  static void requireKnown(RecordSchema schema, String key, List<String> more) {
    List<String> known = new ArrayList<>(schema.keys());
    known.addAll(more);
    if (!known.contains(key)) {
      String suggestion = Names.suggest(key, known);
      throw new InvalidParameterException(
          key,
          "%s has no '%s'%s"
              .formatted(
                  schema.key(),
                  key,
                  suggestion.isEmpty() ? "; it has " + String.join(", ", known) : suggestion));
    }
  }
}
