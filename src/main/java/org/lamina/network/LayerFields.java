package org.lamina.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lamina.layer.Extent;
import org.lamina.layer.Initializer;
import org.lamina.layer.Key;
import org.lamina.layer.Layer;
import org.lamina.layer.RecordSchema;
import org.lamina.layer.RecordSchema.Component;

/** The fields of layers: their record components, by the keys they have in YAML. */
public final class LayerFields {

  private LayerFields() {}

  /** Returns all fields of a layer in order, each as YAML would have it: {@code [3, 5]}. */
  public static Map<String, String> of(Layer layer) {
    return texts(layer);
  }

  /** Returns the value of one field; empty if the layer has no such field of that type. */
  public static <T> Optional<T> value(Layer layer, String key, Class<T> type) {
    for (Component component : RecordSchema.of(layer).components()) {
      if (component.key().equals(key)) {
        Object value = component.of(layer);
        return type.isInstance(value) ? Optional.of(type.cast(value)) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> texts(Object values) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (Component component : RecordSchema.of(values).components()) {
      fields.put(component.key(), text(component.of(values)));
    }
    return fields;
  }

  static String text(Object value) {
    if (value instanceof Extent extent) {
      return extent.h() == extent.w()
          ? String.valueOf(extent.h())
          : "[" + extent.h() + ", " + extent.w() + "]";
    }
    if (value instanceof Double number) {
      return number == Math.rint(number) && Math.abs(number) < 1e9
          ? String.valueOf(number.longValue())
          : number.toString();
    }
    if (value instanceof Enum<?> choice) {
      return choice.name().toLowerCase(Locale.ROOT);
    }
    if (value instanceof Initializer.Constant constant) {
      return text(constant.value());
    }
    if (value instanceof List<?> list) {
      return list.stream().map(LayerFields::text).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Record keyed && keyed.getClass().isAnnotationPresent(Key.class)) {
      return "{" + keyed.getClass().getAnnotation(Key.class).value() + ": " + braces(keyed) + "}";
    }
    return String.valueOf(value);
  }

  private static String braces(Record values) {
    return texts(values).entrySet().stream()
        .map(field -> field.getKey() + ": " + field.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
