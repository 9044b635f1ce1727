package org.lamina.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.network.Names;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Sequence;

/**
 * Does what a derived file says under {@code edit}, in order. Layers are always addressed by name;
 * an edit that hits nothing is a mistake.
 */
final class Edits {

  private static final Set<String> OPERATIONS =
      Set.of("insert", "move", "remove", "replace", "set");

  private static final int MAX_EDITS = 1000;

  /** A layer and the list it is in. */
  private record Spot(Item item, List<Item> siblings) {
    int index() {
      // By identity: two items are never equal otherwise.
      return siblings.indexOf(item);
    }
  }

  private final Description description;
  private final ItemReader reader;
  private final Problems problems;
  private final Map<String, Spot> spots = new HashMap<>();

  private Edits(Description description, Problems problems) {
    this.description = description;
    this.problems = problems;
    reader = new ItemReader(problems);
    index(description.layers());
  }

  /** Applies the edits to a description; those that fail are added to the problems. */
  static void apply(Value value, Description description, Problems problems) {
    if (!(value instanceof Sequence list)) {
      problems.add(
          value.place(),
          "edit must be a list of edits, such as '- remove: [norm1]', but is " + value.describe());
      return;
    }
    if (list.items().size() > MAX_EDITS) {
      problems.add(value.place(), "there are more than %d edits".formatted(MAX_EDITS));
      return;
    }
    int before = problems.size();
    Edits edits = new Edits(description, problems);
    list.items().forEach(edit -> problems.attempt(() -> edits.one(edit)));
    if (problems.size() > before) {
      description.flaw();
    }
  }

  private void index(List<Item> items) {
    for (Item item : items) {
      item.name().ifPresent(name -> spots.putIfAbsent(name, new Spot(item, items)));
      item.branches().forEach(this::index);
    }
  }

  private void forget(Item item, String how, Place at) {
    Item.walk(
        List.of(item),
        gone ->
            gone.name()
                .ifPresent(
                    name -> {
                      spots.remove(name);
                      description.edited(name, how, at);
                    }));
  }

  private void requireFreeNames(List<Item> items) {
    Item.walk(
        items,
        item -> {
          Spot taken = item.name().map(spots::get).orElse(null);
          if (taken != null) {
            throw new Fault(
                item.namePlace(),
                "the name '%s' is that of the layer at %s"
                    .formatted(item.name().get(), taken.item().namePlace()));
          }
        });
  }

  private Place one(Value edit) {
    if (!(edit instanceof Mapping mapping) || mapping.fields().size() != 1) {
      throw new Fault(
          edit.place(),
          "an edit must have one key, one of set, remove, insert, replace and move, but this "
              + (edit instanceof Mapping mapping
                  ? "has " + mapping.fields().size()
                  : "is " + edit.describe()));
    }
    Field field = mapping.fields().values().iterator().next();
    switch (field.key()) {
      case "set" -> set(field.value());
      case "remove" -> remove(field.value());
      case "insert" -> insert(arguments(field, "before", "after", "layers"), field.place());
      case "replace" -> replace(arguments(field, "layer", "with"), field.place());
      case "move" -> move(arguments(field, "layer", "before", "after"), field.place());
      default ->
          throw new Fault(
              field.place(),
              "there is no edit '%s'%s"
                  .formatted(
                      field.key(),
                      Values.suggest(field.key(), OPERATIONS.stream().sorted().toList())));
    }
    return field.place();
  }

  private void set(Value value) {
    if (!(value instanceof Mapping mapping)) {
      throw new Fault(
          value.place(),
          "set must be a mapping, such as {conv1.filters: 64}, but is " + value.describe());
    }
    for (Field field : mapping.fields().values()) {
      problems.attempt(() -> setOne(field));
    }
  }

  private Field setOne(Field field) {
    int dot = field.key().lastIndexOf('.');
    if (dot <= 0) {
      throw new Fault(
          field.place(),
          "set wants a layer and one of its fields, such as conv1.filters, but this is '%s'"
              .formatted(field.key()));
    }
    Item item = spot(field.key().substring(0, dot), field.place()).item();
    String key = field.key().substring(dot + 1);
    Field renamed = new Field(field.place().right(dot + 1), key, field.value());
    if (key.equals("name")) {
      throw new Fault(
          renamed.place(), "a layer cannot be renamed: its weights and 'from' go by its name");
    }
    if (key.equals("branches")) {
      throw new Fault(
          renamed.place(), "branches cannot be set; edit the layers in them or replace the layer");
    }
    ItemReader.requireKnown(item, renamed);
    item.fields().put(key, renamed);
    return field;
  }

  private void remove(Value value) {
    List<Value> names = value instanceof Sequence list ? list.items() : List.of(value);
    for (Value name : names) {
      problems.attempt(
          () -> {
            Spot spot = spot(ItemReader.name("remove", name), name.place());
            spot.siblings().remove(spot.index());
            forget(spot.item(), "removed", name.place());
            return spot;
          });
    }
  }

  private void insert(Map<String, Field> arguments, Place at) {
    Spot anchor = anchor(arguments, at);
    List<Item> items = reader.list("layers", required(arguments, "layers", "insert", at));
    requireFreeNames(items);
    int index = anchor.index() + (arguments.containsKey("after") ? 1 : 0);
    anchor.siblings().addAll(index, items);
    ItemReader.nameAll(description.layers());
    for (Item item : items) {
      item.name().ifPresent(name -> spots.putIfAbsent(name, new Spot(item, anchor.siblings())));
      item.branches().forEach(this::index);
    }
  }

  private void replace(Map<String, Field> arguments, Place at) {
    Value layer = required(arguments, "layer", "replace", at);
    Spot spot = spot(ItemReader.name("layer", layer), layer.place());
    Item item = reader.item(required(arguments, "with", "replace", at));
    forget(spot.item(), "replaced", at);
    requireFreeNames(List.of(item));
    if (item.name().isEmpty()) {
      item.name(spot.item().name().orElseThrow(), item.place());
    }
    Field from = spot.item().fields().get("from");
    if (from != null) {
      item.fields().putIfAbsent("from", from);
    }
    spot.siblings().set(spot.index(), item);
    ItemReader.nameAll(description.layers());
    spots.putIfAbsent(item.name().orElseThrow(), new Spot(item, spot.siblings()));
    item.branches().forEach(this::index);
  }

  private void move(Map<String, Field> arguments, Place at) {
    Value layer = required(arguments, "layer", "move", at);
    Spot spot = spot(ItemReader.name("layer", layer), layer.place());
    Item item = spot.item();
    String name = item.name().orElseThrow();
    Spot anchor = anchor(arguments, at);
    List<Item> inside = new ArrayList<>();
    Item.walk(List.of(item), inside::add);
    if (inside.contains(anchor.item())) {
      throw new Fault(layer.place(), "'%s' cannot be moved next to itself".formatted(name));
    }
    if (item.fields().containsKey("from")) {
      throw new Fault(
          layer.place(),
          "moving '%s' would change nothing, because it says what it reads at %s; set %s.from instead"
              .formatted(name, item.fields().get("from").place(), name));
    }
    spot.siblings().remove(spot.index());
    anchor.siblings().add(anchor.index() + (arguments.containsKey("after") ? 1 : 0), item);
    spots.put(name, new Spot(item, anchor.siblings()));
    description.edited(name, "moved", at);
  }

  private Spot anchor(Map<String, Field> arguments, Place at) {
    Field before = arguments.get("before");
    Field after = arguments.get("after");
    if ((before == null) == (after == null)) {
      throw new Fault(at, "say either before or after which layer");
    }
    Field anchor = before == null ? after : before;
    return spot(ItemReader.name(anchor.key(), anchor.value()), anchor.value().place());
  }

  private Spot spot(String name, Place at) {
    Spot spot = spots.get(name);
    if (spot == null) {
      String hint = description.fate(name);
      throw new Fault(
          at,
          "there is no layer '%s' to edit%s"
              .formatted(name, hint.isEmpty() ? Names.suggest(name, spots.keySet()) : hint));
    }
    return spot;
  }

  private static Map<String, Field> arguments(Field edit, String... keys) {
    if (!(edit.value() instanceof Mapping mapping)) {
      throw new Fault(
          edit.value().place(),
          "%s must be a mapping with %s, but is %s"
              .formatted(edit.key(), String.join(", ", keys), edit.value().describe()));
    }
    for (Field field : mapping.fields().values()) {
      if (!List.of(keys).contains(field.key())) {
        throw new Fault(
            field.place(),
            "%s has no '%s'%s"
                .formatted(edit.key(), field.key(), Values.suggest(field.key(), List.of(keys))));
      }
    }
    return mapping.fields();
  }

  private static Value required(Map<String, Field> arguments, String key, String edit, Place at) {
    Field field = arguments.get(key);
    if (field == null) {
      throw new Fault(at, "'%s' is missing; %s cannot do without it".formatted(key, edit));
    }
    return field.value();
  }
}
