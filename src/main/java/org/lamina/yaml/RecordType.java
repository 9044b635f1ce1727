package org.lamina.yaml;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lamina.layer.Default;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Key;

/**
 * A record as the schema of a YAML mapping: its components are the keys, in snake case; their types
 * say how to read the values; {@link Default} says which may be left out. The only reflection in
 * Lamina.
 *
 * @param key how the record is called in YAML
 * @param components its components in order
 * @param constructor makes it
 */
record RecordType(String key, List<Component> components, Constructor<?> constructor) {

  /**
   * A component of a record.
   *
   * @param key its name in snake case
   * @param type what it holds
   * @param generic the same with type arguments
   * @param fallback what it is where the YAML does not say; none if it must
   */
  record Component(String key, Class<?> type, Type generic, Optional<Value> fallback) {}

  /** Copies the list. */
  RecordType {
    components = List.copyOf(components);
  }

  /** Returns the records that a sealed interface permits, by key, in alphabetical order. */
  static Map<String, RecordType> permittedBy(Class<?> sealed) {
    Map<String, RecordType> types = new TreeMap<>();
    for (Class<?> type : sealed.getPermittedSubclasses()) {
      RecordType schema = of(type);
      types.put(schema.key(), schema);
    }
    return Collections.unmodifiableMap(types);
  }

  private static RecordType of(Class<?> type) {
    List<Component> components = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = snakeCase(component.getName());
      components.add(
          new Component(
              key,
              component.getType(),
              component.getGenericType(),
              Optional.ofNullable(component.getAnnotation(Default.class))
                  .map(fallback -> parse(type, key, fallback.value()))));
    }
    Class<?>[] parameters = components.stream().map(Component::type).toArray(Class<?>[]::new);
    try {
      return new RecordType(
          type.getAnnotation(Key.class).value(), components, type.getConstructor(parameters));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every permitted record is public", e);
    }
  }

  private static Value parse(Class<?> type, String key, String yaml) {
    String label = "default of " + type.getSimpleName() + "." + key;
    Problems problems = new Problems();
    Value value = YamlText.read(new Source(label, yaml), problems);
    problems.throwIfAny();
    return value;
  }

  /** Returns {@code bias_init} for {@code biasInit}. */
  static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** Returns the keys of the components. */
  List<String> keys() {
    return components.stream().map(Component::key).toList();
  }

  /**
   * Makes the record.
   *
   * @throws InvalidParameterException if its constructor says so
   */
  Object create(Object[] arguments) {
    try {
      return constructor.newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidParameterException invalid) {
        throw invalid;
      }
      throw new AssertionError(
          "%s does not accept %s".formatted(key, Arrays.toString(arguments)), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("every permitted record is public", e);
    }
  }
}
