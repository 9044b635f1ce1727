package org.lamina.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.yaml.RecordType.Component;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Reads the fields of layers: their own, else the defaults of their type, else the record's. */
final class LayerFields {

  private final Description description;
  private final Scope variables;
  private final Problems problems;

  LayerFields(Description description, Scope variables, Problems problems) {
    this.description = description;
    this.variables = variables;
    this.problems = problems;
  }

  /** Reads every default once, so that a wrong one is found even if no layer takes it. */
  void checkDefaults() {
    for (RecordType type : ItemReader.TYPES.values()) {
      Map<String, Field> defaults = description.defaults(type.key());
      for (Component component : type.components()) {
        Field field = defaults.get(component.key());
        if (field != null) {
          problems
              .in("defaults: ")
              .attempt(() -> new Values(variables).read(component, field.value()));
        }
      }
    }
  }

  /** Makes the record of a layer; nothing if a field is at fault, which is then a problem. */
  Optional<Layer> layer(Item item, Problems here) {
    RecordType type = ItemReader.TYPES.get(item.type());
    if (type == null) {
      return Optional.empty();
    }
    List<Object> arguments = new ArrayList<>();
    for (Component component : type.components()) {
      Optional<Value> value = value(item, component);
      if (value.isPresent()) {
        Values values = new Values(scope(item, component.key()));
        here.attempt(() -> values.read(component, value.get())).ifPresent(arguments::add);
      } else if (!item.isFlawed()) {
        here.add(item.place(), Values.missing(type, component.key()));
      }
    }
    if (item.isFlawed() || arguments.size() < type.components().size()) {
      return Optional.empty();
    }
    try {
      return Optional.of((Layer) type.create(arguments.toArray()));
    } catch (InvalidParameterException e) {
      here.add(place(item, e.parameter()), e.getMessage());
      return Optional.empty();
    }
  }

  /** Returns what the expressions of a field name; those of defaults do not know of blocks. */
  private Scope scope(Item item, String key) {
    return item.fields().containsKey(key)
        ? item.scope().<Scope>map(scope -> scope).orElse(variables)
        : variables;
  }

  private Optional<Value> value(Item item, Component component) {
    return field(item, component.key()).map(Field::value).or(component::fallback);
  }

  private Optional<Field> field(Item item, String key) {
    return Optional.ofNullable(item.fields().get(key))
        .or(() -> Optional.ofNullable(description.defaults(item.type()).get(key)));
  }

  /** Returns where a layer's parameter is given; where the layer is, if it is not. */
  Place place(Item item, String parameter) {
    if (parameter.equals("name")) {
      return item.namePlace();
    }
    return field(item, parameter).map(field -> field.value().place()).orElse(item.place());
  }

  /** Returns where a layer names one of those it reads. */
  Place placeOfFrom(Item item, String name) {
    Field from = item.fields().get("from");
    if (from == null) {
      return item.place();
    }
    List<Value> names =
        from.value() instanceof Sequence list ? list.items() : List.of(from.value());
    return names.stream()
        .filter(value -> value instanceof Scalar scalar && scalar.text().equals(name))
        .findFirst()
        .orElse(from.value())
        .place();
  }
}
