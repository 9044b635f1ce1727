package org.lamina.layer;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a record with a {@link Key} says about its fields: its components are the keys, in snake
 * case; {@link Default} says which may be left out. Layers, initialisers and preprocessing steps
 * are such records. The only reflection in Lamina.
 */
public final class RecordSchema {

  /**
   * A component of a record.
   *
   * @param key its name in snake case
   * @param type what it holds
   * @param generic the same with type arguments
   * @param fallback what it is where nobody says, as YAML; none if somebody must
   * @param accessor reads it
   */
  public record Component(
      String key, Class<?> type, Type generic, Optional<String> fallback, Method accessor) {

    /** Returns the value of this component in a record. */
    public Object of(Object record) {
      try {
        return accessor.invoke(record);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(key + " cannot be read from " + record, e);
      }
    }
  }

  private static final ClassValue<RecordSchema> SCHEMAS =
      new ClassValue<>() {
        @Override
        protected RecordSchema computeValue(Class<?> type) {
          return new RecordSchema(type);
        }
      };

  private final Class<?> type;
  private final String key;
  private final List<Component> components;
  private final Constructor<?> constructor;

  private RecordSchema(Class<?> type) {
    List<Component> found = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      found.add(
          new Component(
              snakeCase(component.getName()),
              component.getType(),
              component.getGenericType(),
              Optional.ofNullable(component.getAnnotation(Default.class)).map(Default::value),
              component.getAccessor()));
    }
    this.type = type;
    key = type.getAnnotation(Key.class).value();
    components = List.copyOf(found);
    try {
      constructor =
          type.getConstructor(components.stream().map(Component::type).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new AssertionError("every record with a key is public", e);
    }
  }

  /** Returns the schema of a record that has a {@link Key}. */
  public static RecordSchema of(Object record) {
    return SCHEMAS.get(record.getClass());
  }

  /** Returns the schema of a class of records that has a {@link Key}. */
  public static RecordSchema ofType(Class<?> type) {
    return SCHEMAS.get(type);
  }

  /** Returns the records that a sealed interface permits, by key, in alphabetical order. */
  public static Map<String, RecordSchema> permittedBy(Class<?> sealed) {
    Map<String, RecordSchema> schemas = new TreeMap<>();
    for (Class<?> type : sealed.getPermittedSubclasses()) {
      RecordSchema schema = SCHEMAS.get(type);
      schemas.put(schema.key(), schema);
    }
    return Collections.unmodifiableMap(schemas);
  }

  private static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  /** Returns the record's class. */
  public Class<?> type() {
    return type;
  }

  /** Returns how the record is called in YAML. */
  public String key() {
    return key;
  }

  /** Returns the components in the order of the record's header. */
  public List<Component> components() {
    return components;
  }

  /** Returns the keys of the components. */
  public List<String> keys() {
    return components.stream().map(Component::key).toList();
  }

  /**
   * Makes the record.
   *
   * @param arguments a value for every component, in order, each of the component's type
   * @throws InvalidParameterException if the record's constructor says so
   */
  public Object create(List<?> arguments) {
    try {
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidParameterException invalid) {
        throw invalid;
      }
      throw new AssertionError("%s does not accept %s".formatted(key, arguments), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("every record with a key is public", e);
    }
  }
}
