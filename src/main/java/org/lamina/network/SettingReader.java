package org.lamina.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Key;
import org.lamina.layer.RecordSchema;
import org.lamina.layer.RecordSchema.Component;

/**
 * Turns settings into records with a {@link Key}, the way layers are read: components are the keys,
 * in snake case, {@link org.lamina.layer.Default} says what may be left out. Collects all mistakes
 * instead of stopping at the first.
 *
 * <p>A choice among several records is a word ({@code mirror}), a mapping with one key ({@code
 * {mirror: {p: 0.5}}}), or that with the value of the record's first component ({@code {mirror:
 * 0.5}}).
 */
public final class SettingReader {

  private final List<String> problems = new ArrayList<>();

  /** Returns the mistakes found so far, each {@code file:line:column: what is wrong}. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** Adds a mistake at the place of a setting. */
  public void problem(Setting at, String problem) {
    String place = at.at().place();
    problems.add(place.isEmpty() ? problem : place + ": " + problem);
  }

  /**
   * Reads one of the records that a sealed interface permits.
   *
   * @param what what is chosen, for messages: {@code optimizer}
   * @return the record; empty if there is a mistake, which has been added
   */
  public <T> Optional<T> choice(String what, Setting setting, Class<T> sealed) {
    Map<String, RecordSchema> types = RecordSchema.permittedBy(sealed);
    if (setting instanceof Setting.Text word) {
      return named(what, setting, word.value(), types, Map.of()).map(sealed::cast);
    }
    if (setting instanceof Setting.Fields fields && fields.fields().size() == 1) {
      Map.Entry<String, Setting> only = fields.fields().entrySet().iterator().next();
      RecordSchema type = types.get(only.getKey());
      Map<String, Setting> given =
          only.getValue() instanceof Setting.Fields inner
              ? inner.fields()
              : type == null || type.components().isEmpty()
                  ? Map.of()
                  : Map.of(type.components().get(0).key(), only.getValue());
      if (type != null
          && type.components().isEmpty()
          && !(only.getValue() instanceof Setting.Fields)) {
        problem(only.getValue(), "%s takes no value".formatted(only.getKey()));
        return Optional.empty();
      }
      return named(what, only.getValue(), only.getKey(), types, given).map(sealed::cast);
    }
    problem(
        setting,
        "%s must be a name, or a name with its fields; there are %s"
            .formatted(what, String.join(", ", types.keySet())));
    return Optional.empty();
  }

  /**
   * Reads a list of choices, each as {@link #choice} does; what is at fault is left out.
   *
   * @param what what the list holds, for messages
   */
  public <T> List<T> choices(String what, Setting setting, Class<T> sealed) {
    List<T> read = new ArrayList<>();
    if (setting instanceof Setting.Items list) {
      list.items().forEach(item -> choice(what, item, sealed).ifPresent(read::add));
    } else if (!(setting instanceof Setting.Fields none && none.fields().isEmpty())) {
      problem(setting, what + " must be a list");
    }
    return read;
  }

  /** Reads a record from its fields; empty if there is a mistake, which has been added. */
  public <T> Optional<T> record(Setting.Fields fields, Class<T> type) {
    return record(fields, RecordSchema.ofType(type), fields.fields()).map(type::cast);
  }

  private Optional<Object> named(
      String what,
      Setting at,
      String name,
      Map<String, RecordSchema> types,
      Map<String, Setting> fields) {
    RecordSchema type = types.get(name);
    if (type == null) {
      problem(
          at,
          "there is no %s '%s'%s".formatted(what, name, Names.suggestOrList(name, types.keySet())));
      return Optional.empty();
    }
    return record(at, type, fields);
  }

  private Optional<Object> record(Setting at, RecordSchema type, Map<String, Setting> fields) {
    int before = problems.size();
    List<Object> arguments = new ArrayList<>();
    Map<String, Setting> unknown = new LinkedHashMap<>(fields);
    for (Component component : type.components()) {
      Setting given = unknown.remove(component.key());
      try {
        arguments.add(argument(type, component, given));
      } catch (InvalidParameterException e) {
        problem(given == null ? at : given, e.getMessage());
      }
    }
    unknown.forEach((key, setting) -> refuse(type, key, setting));
    if (problems.size() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(type.create(arguments));
    } catch (InvalidParameterException e) {
      problem(fields.getOrDefault(e.parameter(), at), e.getMessage());
      return Optional.empty();
    }
  }

  private static Object argument(RecordSchema type, Component component, Setting given) {
    Object held =
        given == null
            ? FieldValues.fallback(component)
            : FieldValues.read(component, given.plain());
    if (held == null) {
      throw new InvalidParameterException(
          component.key(),
          "'%s' is missing; %s cannot do without it".formatted(component.key(), type.key()));
    }
    return held;
  }

  private void refuse(RecordSchema type, String key, Setting setting) {
    try {
      Layers.requireKnown(type, key, List.of());
    } catch (InvalidParameterException e) {
      problem(setting, e.getMessage());
    }
  }
}
