package org.lamina.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.yaml.LayerIndex.Spot;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Sequence;

/**
 * Does what a derived file says under {@code edit}, in order. Layers are always addressed by name;
 * an edit that hits nothing is a mistake.
 */
final class Edits {

  private static final List<String> OPERATIONS =
      List.of("insert", "move", "remove", "replace", "set");

  private static final List<String> ARGUMENTS = List.of("with", "first", "last");

  private static final int MAX_EDITS = 1000;

  private final Description description;
  private final Blocks blocks;
  private final ItemReader reader;
  private final Problems problems;
  private LayerIndex index;
  private boolean inBlocks;

  Edits(Description description, Blocks blocks, ItemReader reader, Problems problems) {
    this.description = description;
    this.blocks = blocks;
    this.reader = reader;
    this.problems = problems;
    index = new LayerIndex(description, Map.of());
  }

  /** Does the edits of layers in the definitions of blocks; those that fail are problems. */
  void applyToBlocks() {
    Map<String, List<Item>> homes = new HashMap<>();
    blocks.all().forEach(block -> homes.put(block.name() + ".", block.layers()));
    index = new LayerIndex(description, homes);
    inBlocks = true;
    description.edits().forEach(this::apply);
    inBlocks = false;
  }

  /** Does all other edits, when blocks are where they are used; those that fail are problems. */
  void applyToLayers() {
    index = new LayerIndex(description, Map.of("", description.layers()));
    description.edits().forEach(this::apply);
  }

  /** Returns whether a name is for this round of edits: that of a layer in a block's definition. */
  private boolean isDue(String name) {
    return inBlocks == blocks.all().stream().anyMatch(b -> name.startsWith(b.name() + "."));
  }

  private void apply(Value value) {
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
    list.items().forEach(edit -> problems.attempt(() -> one(edit)));
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
                  .formatted(field.key(), Values.suggest(field.key(), OPERATIONS)));
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
    String layer = field.key().substring(0, dot);
    if (!inBlocks && field.key().startsWith("training.") && !index.has(layer)) {
      description.setTraining(field);
      return field;
    }
    if (!isDue(layer)) {
      return field;
    }
    String key = field.key().substring(dot + 1);
    Field renamed = new Field(field.place().right(dot + 1), key, field.value());
    if (!index.has(layer) && setArgument(layer, renamed)) {
      return field;
    }
    Item item = index.find(layer, field.place()).item();
    if (key.equals("name")) {
      throw new Fault(
          renamed.place(), "a layer cannot be renamed: its weights and 'from' go by its name");
    }
    if (key.equals("branches")) {
      throw new Fault(
          renamed.place(), "branches cannot be set; edit the layers in them or replace the layer");
    }
    reader.requireKnown(item, renamed);
    change(item, renamed);
    return field;
  }

  /** Sets one argument of a repeat, as in {@code stage1.with.filters}. */
  private boolean setArgument(String path, Field argument) {
    int dot = path.lastIndexOf('.');
    String key = path.substring(dot + 1);
    if (dot <= 0 || !ARGUMENTS.contains(key) || !index.has(path.substring(0, dot))) {
      return false;
    }
    Item item = index.find(path.substring(0, dot), argument.place()).item();
    if (!item.isRepeat()) {
      return false;
    }
    Field old = item.fields().get(key);
    Map<String, Field> all = new LinkedHashMap<>();
    if (old != null && old.value() instanceof Mapping mapping) {
      all.putAll(mapping.fields());
    }
    all.put(argument.key(), argument);
    change(item, new Field(argument.place(), key, new Mapping(argument.value().place(), all)));
    return true;
  }

  private void change(Item item, Field field) {
    item.set(field);
    if (blocks.isUse(item) && !inBlocks) {
      blocks.update(item);
      index.rebuild();
    }
  }

  private void remove(Value value) {
    List<Value> names = value instanceof Sequence list ? list.items() : List.of(value);
    names.forEach(name -> problems.attempt(() -> removeOne(name)));
  }

  private Value removeOne(Value value) {
    String name = ItemReader.name("remove", value);
    if (isDue(name)) {
      Spot spot = index.find(name, value.place());
      spot.siblings().remove(spot.index());
      index.forget(spot, "removed", value.place());
    }
    return value;
  }

  private void insert(Map<String, Field> arguments, Place at) {
    Field anchor = anchor(arguments, at);
    String name = ItemReader.name(anchor.key(), anchor.value());
    if (!isDue(name)) {
      return;
    }
    Spot spot = index.find(name, anchor.value().place());
    List<Item> items = reader.list("layers", required(arguments, "layers", "insert", at));
    index.requireFreeNames(spot.home(), items);
    spot.siblings().addAll(spot.index() + (anchor.key().equals("after") ? 1 : 0), items);
    settle(spot, items);
  }

  private void replace(Map<String, Field> arguments, Place at) {
    Value layer = required(arguments, "layer", "replace", at);
    String name = ItemReader.name("layer", layer);
    if (!isDue(name)) {
      return;
    }
    Spot spot = index.find(name, layer.place());
    Item item = reader.item(required(arguments, "with", "replace", at));
    index.forget(spot, "replaced", at);
    index.requireFreeNames(spot.home(), List.of(item));
    if (item.name().isEmpty()) {
      item.name(spot.item().name().orElseThrow(), item.place());
    }
    Field from = spot.item().fields().get("from");
    if (from != null && !item.fields().containsKey("from")) {
      item.set(from);
    }
    spot.siblings().set(spot.index(), item);
    settle(spot, List.of(item));
  }

  /** Gives new layers, which are in their list by now, what those of a file have. */
  private void settle(Spot spot, List<Item> items) {
    spot.item().scope().ifPresent(scope -> Item.walk(items, item -> item.scope(scope)));
    index.nameAll(spot.home());
    if (!inBlocks) {
      blocks.expand(items);
    }
    items.forEach(item -> index.add(item, spot.siblings(), spot.home()));
  }

  private void move(Map<String, Field> arguments, Place at) {
    Value layer = required(arguments, "layer", "move", at);
    String name = ItemReader.name("layer", layer);
    if (!isDue(name)) {
      return;
    }
    Spot spot = index.find(name, layer.place());
    Item item = spot.item();
    Field anchor = anchor(arguments, at);
    Spot target = index.find(ItemReader.name(anchor.key(), anchor.value()), anchor.value().place());
    List<Item> inside = new ArrayList<>();
    Item.walk(List.of(item), inside::add);
    if (inside.contains(target.item())) {
      throw new Fault(layer.place(), "'%s' cannot be moved next to itself".formatted(name));
    }
    if (item.fields().containsKey("from")) {
      throw new Fault(
          layer.place(),
          "moving '%s' would change nothing, because it says what it reads at %s; set %s.from instead"
              .formatted(name, item.fields().get("from").place(), name));
    }
    if (!target.home().equals(spot.home())) {
      throw new Fault(anchor.value().place(), "a layer cannot be moved into another block");
    }
    spot.siblings().remove(spot.index());
    target.siblings().add(target.index() + (anchor.key().equals("after") ? 1 : 0), item);
    index.add(item, target.siblings(), spot.home());
    description.edited(name, "moved", at);
  }

  private static Field anchor(Map<String, Field> arguments, Place at) {
    Field before = arguments.get("before");
    Field after = arguments.get("after");
    if ((before == null) == (after == null)) {
      throw new Fault(at, "say either before or after which layer");
    }
    return before == null ? after : before;
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
