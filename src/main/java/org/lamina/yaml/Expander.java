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
import org.lamina.tensor.Chw;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Sequence;

/** Makes entries of a network, with their layer records, of the layers of a description. */
final class Expander {

  private final Description description;
  private final Variables variables;
  private final Problems problems;
  private final LayerFields fields;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final Map<String, Item> items = new HashMap<>();
  private final Map<String, String> uses = new HashMap<>();
  private final Map<String, Chw> shapes = new HashMap<>();
  private final List<Item> undecided = new ArrayList<>();

  Expander(Description description, Variables variables, Problems problems) {
    this.description = description;
    this.variables = variables;
    this.problems = problems;
    fields = new LayerFields(description, variables, problems);
  }

  /**
   * Expands all layers; mistakes are added to the problems, and the layers at fault have no entry.
   *
   * @param inputs the names of the network's inputs; a chain begins at the only one
   * @param known the shapes of those that have one
   */
  void expand(List<String> inputs, Map<String, Chw> known) {
    fields.checkDefaults();
    shapes.putAll(known);
    chain(
        description.layers(),
        inputs.size() == 1 ? Optional.of(inputs.get(0)) : Optional.empty(),
        Optional.empty());
    entries.replaceAll((name, entry) -> resolved(entry));
    checkVariables();
  }

  /** What reads a use of a block reads its last layer. */
  private Entry resolved(Entry entry) {
    return entry.from().stream().noneMatch(uses::containsKey)
        ? entry
        : new Entry(
            entry.name(),
            entry.layer(),
            entry.from().stream().map(from -> uses.getOrDefault(from, from)).toList(),
            entry.device());
  }

  /**
   * Adds a problem for every branch of which it could not be told whether it is a shortcut, if
   * there is no other problem that may be the reason.
   */
  void requireDecided() {
    if (problems.size() == 0) {
      for (Item item : undecided) {
        problems
            .in(item.where())
            .add(
                item.place(),
                "whether the shapes differ is not known here, for a layer before it reads one further down");
      }
    }
  }

  /** Evaluates variables that nothing has asked for; a derived file must not add such. */
  private void checkVariables() {
    variables.rememberUnused();
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

  /** Returns the shapes of inputs and layers by name, as far as they are known. */
  Map<String, Chw> shapes() {
    return shapes;
  }

  /** Returns what reads the layers' fields. */
  LayerFields fields() {
    return fields;
  }

  /** Returns all layers by name, also those without an entry. */
  Map<String, Item> items() {
    return items;
  }

  /** Expands a list and returns the name of its last layer, or of what it begins at if empty. */
  private Optional<String> chain(List<Item> list, Optional<String> start, Optional<String> device) {
    Optional<String> last = start;
    for (Item item : list) {
      last = one(item, last, device);
    }
    return last;
  }

  private Optional<String> one(Item item, Optional<String> previous, Optional<String> group) {
    String name = item.name().orElseThrow();
    Problems here = problems.in(item.where());
    Item first = items.putIfAbsent(name, item);
    if (first != null) {
      here.add(item.namePlace(), "the name is used twice, first at " + first.namePlace());
    }
    Optional<List<String>> from = here.attempt(() -> from(item, previous));
    Optional<String> device = device(item.fields().get("device"), here).or(() -> group);
    if (item.type().equals(ItemReader.UNREADABLE) || item.isUnexpanded()) {
      return Optional.of(name);
    }
    if (!ItemReader.TYPES.containsKey(item.type())) {
      return use(item, from, device, here);
    }
    if (!item.branches().isEmpty()) {
      from = from.flatMap(starts -> here.attempt(() -> joined(item, starts, group)));
    }
    Optional<Layer> layer = fields.layer(item, here);
    if (first == null && from.isPresent() && layer.isPresent()) {
      Entry entry = resolved(new Entry(name, layer.get(), from.get(), device));
      entries.put(name, entry);
      infer(entry);
    }
    return Optional.of(name);
  }

  /**
   * Expands the uses of a block, which follow each other, and returns the name of the last layer.
   */
  private Optional<String> use(
      Item item, Optional<List<String>> from, Optional<String> device, Problems here) {
    Optional<String> last = from.map(starts -> starts.get(0));
    if (from.isPresent() && from.get().size() > 1) {
      here.add(
          item.fields().get("from").value().place(),
          "a block begins at one layer, but 'from' names " + from.get().size());
    }
    for (Branch branch : item.branches()) {
      branch.layers().stream()
          .flatMap(layer -> layer.scope().stream())
          .findFirst()
          .ifPresent(arguments -> arguments.check(here));
      last = chain(branch.layers(), last, device);
    }
    last.ifPresent(name -> uses.put(item.name().orElseThrow(), uses.getOrDefault(name, name)));
    return last;
  }

  private List<String> joined(Item item, List<String> starts, Optional<String> group) {
    if (starts.size() > 1) {
      throw new Fault(
          item.fields().get("from").value().place(),
          "branches begin at one layer, but 'from' names " + starts.size());
    }
    String start = uses.getOrDefault(starts.get(0), starts.get(0));
    List<Optional<String>> ends = new ArrayList<>();
    for (Branch branch : item.branches()) {
      ends.add(branch.conditional() ? Optional.empty() : end(branch, start, group));
    }
    for (int i = 0; i < ends.size(); i++) {
      Branch branch = item.branches().get(i);
      if (branch.conditional()) {
        List<String> others = ends.stream().flatMap(Optional::stream).toList();
        boolean differs = differs(item, start, others);
        if (!differs) {
          Item.walk(branch.layers(), this::leaveOut);
        }
        ends.set(i, differs ? end(branch, start, group) : Optional.of(start));
      }
    }
    return ends.stream().flatMap(Optional::stream).toList();
  }

  private Optional<String> end(Branch branch, String start, Optional<String> group) {
    Field device = branch.device().orElse(null);
    return chain(branch.layers(), Optional.of(start), device(device, problems).or(() -> group));
  }

  private void leaveOut(Item item) {
    item.name().ifPresent(name -> description.edited(name, "not needed", item.place()));
  }

  private boolean differs(Item item, String start, List<String> others) {
    Chw shape = shapes.get(start);
    if (shape == null || others.stream().anyMatch(name -> !shapes.containsKey(name))) {
      undecided.add(item);
      return true;
    }
    return others.stream().anyMatch(name -> !shapes.get(name).equals(shape));
  }

  /** Remembers a layer's shape; if it has none, the network will say why. */
  private void infer(Entry entry) {
    List<Chw> inputs = entry.from().stream().filter(shapes::containsKey).map(shapes::get).toList();
    if (inputs.size() == entry.from().size()) {
      try {
        shapes.put(entry.name(), entry.layer().infer(inputs).output());
      } catch (InvalidParameterException | ArithmeticException e) {
        shapes.remove(entry.name());
      }
    }
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

  private static Optional<String> device(Field field, Problems here) {
    return Optional.ofNullable(field)
        .flatMap(given -> here.attempt(() -> ItemReader.name("device", given.value())));
  }
}
