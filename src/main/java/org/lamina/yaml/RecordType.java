package org.lamina.yaml;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.RecordSchema;

/**
 * A record as the schema of a YAML mapping: its components are the keys, their types say how to
 * read the values.
 *
 * @param schema the record's own schema
 * @param components its components in order
 */
record RecordType(RecordSchema schema, List<Component> components) {

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
    RecordSchema.permittedBy(sealed).forEach((key, schema) -> types.put(key, of(schema)));
    return Collections.unmodifiableMap(types);
  }

  private static RecordType of(RecordSchema schema) {
    return new RecordType(
        schema,
        schema.components().stream()
            .map(
                component ->
                    new Component(
                        component.key(),
                        component.type(),
                        component.generic(),
                        component
                            .fallback()
                            .map(yaml -> parse(schema.key() + "." + component.key(), yaml))))
            .toList());
  }

  private static Value parse(String component, String yaml) {
    Problems problems = new Problems();
    Value value = YamlText.read(new Source("default of " + component, yaml), problems);
    problems.throwIfAny();
    return value;
  }

  /** Returns how the record is called in YAML. */
  String key() {
    return schema.key();
  }

  /** Returns the keys of the components. */
  List<String> keys() {
    return schema.keys();
  }

  /**
   * Makes the record.
   *
   * @throws InvalidParameterException if its constructor says so
   */
  Object create(Object[] arguments) {
    return schema.create(Arrays.asList(arguments));
  }
}
