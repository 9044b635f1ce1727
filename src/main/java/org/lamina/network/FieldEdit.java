package org.lamina.network;

import java.util.List;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.RecordSchema;
import org.lamina.network.Chain.Link;

/** Sets one field of a layer by its YAML key. */
final class FieldEdit {

  /** What every layer may have besides its parameters. */
  private static final List<String> COMMON = List.of("name", "from", "device");

  private FieldEdit() {}

  /**
   * Sets a field.
   *
   * @throws NetworkException if the layer does not have it or it does not take the value
   */
  static void apply(Link link, String key, Object value) {
    switch (key) {
      case "name" ->
          throw mistake(
              link, key, "a layer cannot be renamed: its weights and 'from' go by its name");
      case "branches" ->
          throw mistake(
              link, key, "branches cannot be set; edit the layers in them or replace the layer");
      case "from" -> link.from(names(link, value));
      case "device" -> link.device(text(link, key, value));
      default -> parameter(link, key, value);
    }
  }

  private static void parameter(Link link, String key, Object value) {
    RecordSchema schema = RecordSchema.of(link.layer());
    try {
      Layers.requireKnown(schema, key, COMMON);
      schema.components().stream()
          .filter(component -> component.key().equals(key))
          .forEach(component -> link.set(key, FieldValues.read(component, value)));
    } catch (InvalidParameterException e) {
      throw mistake(link, key, e.getMessage());
    }
  }

  private static List<String> names(Link link, Object value) {
    if (!(value instanceof List<?> list)) {
      return List.of(text(link, "from", value));
    }
    if (list.isEmpty()) {
      throw mistake(link, "from", "from must name a layer, but is an empty list");
    }
    return list.stream().map(item -> text(link, "from", item)).toList();
  }

  private static String text(Link link, String key, Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw mistake(link, key, "%s must be a name, but is %s".formatted(key, value));
  }

  private static NetworkException mistake(Link link, String key, String problem) {
    return new NetworkException(link.name(), key, problem);
  }
}
