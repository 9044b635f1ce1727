package org.lamina.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.lamina.yaml.Value.Field;

/**
 * A layer as its file describes it, before expressions are evaluated. Edits change it in place:
 * every reading of a network makes its own.
 */
final class Item {

  private final String type;
  private final Place place;
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private final List<Branch> branches;
  private final Map<String, List<Field>> history = new LinkedHashMap<>();
  private boolean flawed;
  private String name;
  private Place namePlace;
  private Arguments scope;

  /**
   * Makes a layer without a name.
   *
   * @param type the key of its type
   * @param place where the type stands
   * @param branches the layers inside it: of each branch, or of each use of a block
   */
  Item(String type, Place place, List<Branch> branches) {
    this.type = type;
    this.place = place;
    this.branches = branches;
    namePlace = place;
  }

  String type() {
    return type;
  }

  Place place() {
    return place;
  }

  Optional<String> name() {
    return Optional.ofNullable(name);
  }

  Place namePlace() {
    return namePlace;
  }

  void name(String newName, Place at) {
    name = newName;
    namePlace = at;
  }

  /** Returns how messages about this layer begin; nothing if it has no name yet. */
  String where() {
    return name == null ? "" : "layer '" + name + "': ";
  }

  /** Remembers that something about this layer could not be read, which is a problem already. */
  void flaw() {
    flawed = true;
  }

  /** Returns whether something about this layer could not be read. */
  boolean isFlawed() {
    return flawed;
  }

  /**
   * Returns everything but name and branches, as it was set last: the layer's parameters, {@code
   * from}, {@code device}.
   */
  Map<String, Field> fields() {
    return Collections.unmodifiableMap(fields);
  }

  /** Sets a field, and remembers what it was before. */
  void set(Field field) {
    fields.put(field.key(), field);
    history.computeIfAbsent(field.key(), key -> new ArrayList<>()).add(field);
  }

  /** Sets the fields of another layer, with what they were before. */
  void setAll(Item other) {
    other.history.values().forEach(fields -> fields.forEach(this::set));
  }

  /** Returns what a field was set to, in order; nothing if it never was. */
  List<Field> history(String key) {
    return history.getOrDefault(key, List.of());
  }

  List<Branch> branches() {
    return branches;
  }

  /** Returns whether this stands for several uses of a block. */
  boolean isRepeat() {
    return type.equals(Block.REPEAT);
  }

  /** Returns whether this uses a block, but could not be expanded, which is a problem already. */
  boolean isUnexpanded() {
    return branches.isEmpty() && !ItemReader.TYPES.containsKey(type);
  }

  /** Returns the arguments of the block that this is in. */
  Optional<Arguments> scope() {
    return Optional.ofNullable(scope);
  }

  void scope(Arguments arguments) {
    scope = arguments;
  }

  /** Calls the action with every layer of a list and of its branches, each before its branches. */
  static void walk(List<Item> items, Consumer<Item> action) {
    for (Item item : items) {
      action.accept(item);
      item.branches.forEach(branch -> walk(branch.layers(), action));
    }
  }
}
