package org.lamina.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.network.Names;
import org.lamina.network.Network.Entry;
import org.lamina.yaml.RecordType.Component;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Scalar;
import org.lamina.yaml.Value.Sequence;

/** Makes entries of a network, with their layer records, of the layers of a description. */
final class Expander {

  private final Description description;
  private final Variables variables;
  private final Values values;
  private final Problems problems;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Item> items = new HashMap<>();

  Expander(Description description, Variables variables, Problems problems) {
    this.description = description;
    this.variables = variables;
    this.problems = problems;
    values = new Values(variables);
  }

  /**
   * Expands all layers; mistakes are added to the problems, and the layers at fault have no entry.
   *
   * @param inputs the names of the network's inputs; a chain begins at the only one
   */
  void expand(List<String> inputs) {
    checkDefaults();
    chain(description.layers(), inputs.size() == 1 ? Optional.of(inputs.get(0)) : Optional.empty());
    checkVariables();
  }

  /** Reads every default once, so that a wrong one is found even if no layer takes it. */
  private void checkDefaults() {
    for (RecordType type : ItemReader.TYPES.values()) {
      Map<String, Field> defaults = description.defaults(type.key());
      for (Component component : type.components()) {
        Field field = defaults.get(component.key());
        if (field != null) {
          problems.in("defaults: ").attempt(() -> values.read(component, field.value()));
        }
      }
    }
  }

  /** Evaluates variables that nothing has asked for; a derived file must not add such. */
  private void checkVariables() {
    for (Field field : description.added().values()) {
      if (!variables.isUsed(field.key()) && problems.size() == 0) {
        List<String> others = new ArrayList<>(description.let().keySet());
        others.remove(field.key());
        problems.add(
            field.place(),
            "nothing uses the variable '%s'%s"
                .formatted(field.key(), Names.suggest(field.key(), others)));
      }
    }
    description
        .let()
        .values()
        .forEach(field -> problems.attempt(() -> variables.get(field.key(), field.place())));
  }

  /** Returns the entries by name, in order. */
  Map<String, Entry> entries() {
    return entries;
  }

  /** Returns all layers by name, also those without an entry. */
  Map<String, Item> items() {
    return items;
  }

  /** Expands a list and returns the name of its last layer, or of what it begins at if empty. */
  private Optional<String> chain(List<Item> list, Optional<String> start) {
    Optional<String> last = start;
    for (Item item : list) {
      last = Optional.of(one(item, last));
    }
    return last;
  }

  private String one(Item item, Optional<String> previous) {
    String name = item.name().orElseThrow();
    Problems here = problems.in(item.where());
    Item first = items.putIfAbsent(name, item);
    if (first != null) {
      here.add(item.namePlace(), "the name is used twice, first at " + first.namePlace());
    }
    Optional<List<String>> from = here.attempt(() -> from(item, previous));
    if (!item.branches().isEmpty()) {
      from = from.flatMap(starts -> here.attempt(() -> joined(item, starts)));
    }
    Optional<Layer> layer = layer(item, here);
    Optional<String> device = device(item, here);
    if (first == null && from.isPresent() && layer.isPresent()) {
      entries.put(name, new Entry(name, layer.get(), from.get(), device));
    }
    return name;
  }

  private List<String> joined(Item item, List<String> starts) {
    if (starts.size() > 1) {
      throw new Fault(
          item.fields().get("from").value().place(),
          "branches begin at one layer, but 'from' names " + starts.size());
    }
    List<String> ends = new ArrayList<>();
    for (List<Item> branch : item.branches()) {
      chain(branch, Optional.of(starts.get(0))).ifPresent(ends::add);
    }
    return ends;
  }

  private List<String> from(Item item, Optional<String> previous) {
    Field field = item.fields().get("from");
    if (field == null) {
      return List.of(
          previous.orElseThrow(
              () ->
                  new Fault(
                      item.place(),
                      "the network has several inputs, so its first layer must say 'from' which")));
    }
    List<Value> names =
        field.value() instanceof Sequence list ? list.items() : List.of(field.value());
    if (names.isEmpty()) {
      throw new Fault(field.value().place(), "from must name a layer, but is an empty list");
    }
    return names.stream().map(value -> ItemReader.name("from", value)).toList();
  }

  private Optional<String> device(Item item, Problems here) {
    return Optional.ofNullable(item.fields().get("device"))
        .flatMap(field -> here.attempt(() -> ItemReader.name("device", field.value())));
  }

  private Optional<Layer> layer(Item item, Problems here) {
    RecordType type = ItemReader.TYPES.get(item.type());
    if (type == null) {
      return Optional.empty();
    }
    List<Object> arguments = new ArrayList<>();
    for (Component component : type.components()) {
      Optional<Value> value = value(item, component);
      if (value.isPresent()) {
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
