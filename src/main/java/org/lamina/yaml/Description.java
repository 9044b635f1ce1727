package org.lamina.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.yaml.Value.Field;
import org.lamina.yaml.Value.Mapping;
import org.lamina.yaml.Value.Scalar;

/**
 * What one file and all that it extends say about a network, nothing evaluated. A file that extends
 * another changes the other's description in place.
 */
final class Description {

  private final Map<String, Field> sections = new LinkedHashMap<>();
  private final Map<String, Field> let = new LinkedHashMap<>();
  private final Map<String, Field> first = new HashMap<>();
  private final Map<String, Field> added = new LinkedHashMap<>();
  private final Map<String, Map<String, Field>> defaults = new HashMap<>();
  private final Map<String, Field> variants = new LinkedHashMap<>();
  private final Map<String, Field> blocks = new LinkedHashMap<>();
  private final List<Value> edits = new ArrayList<>();
  private final List<Item> layers = new ArrayList<>();
  private final Map<String, String> edited = new HashMap<>();
  private final Map<String, Field> training = new LinkedHashMap<>();
  private final Map<String, List<Field>> history = new LinkedHashMap<>();
  private boolean flawed;

  /**
   * Returns a section that is simply overridden: network, input, inputs, preprocess, precision,
   * layers.
   */
  Optional<Field> section(String key) {
    return Optional.ofNullable(sections.get(key));
  }

  /** Returns where an input is declared. */
  Optional<Place> inputPlace(String name) {
    Field several = sections.get("inputs");
    if (several != null && several.value() instanceof Mapping mapping) {
      return Optional.ofNullable(mapping.fields().get(name)).map(Field::place);
    }
    return section("input").map(Field::place);
  }

  /** Overrides a section. */
  void section(Field field) {
    remember(field.key(), field);
    if (field.key().startsWith("input")) {
      sections.remove("input");
      sections.remove("inputs");
    }
    sections.put(field.key(), field);
  }

  /** Gives a variant the name of the network and its own, until it says another. */
  void rename(String variant, Place at) {
    Field named = sections.get("network");
    if (named != null && named.value() instanceof Scalar name) {
      section(new Field(at, "network", new Scalar(at, name.text() + "-" + variant, true)));
    }
  }

  /** Returns the variables, each as the last file declares it. */
  Map<String, Field> let() {
    return Collections.unmodifiableMap(let);
  }

  /** Returns the variables, each as the first file declares it, which gives it its type. */
  Map<String, Field> first() {
    return first;
  }

  /**
   * Declares a variable, or gives it another value.
   *
   * @param derived whether that is done by a file that extends another
   */
  void declare(Field variable, boolean derived) {
    remember("let " + variable.key(), variable);
    first.putIfAbsent(variable.key(), variable);
    if (let.put(variable.key(), variable) == null && derived) {
      added.put(variable.key(), variable);
    }
  }

  private void remember(String path, Field field) {
    history.computeIfAbsent(path, key -> new ArrayList<>()).add(field);
  }

  /** Returns what was set under a path, in order, such as {@code input} or {@code let width}. */
  List<Field> history(String path) {
    return history.getOrDefault(path, List.of());
  }

  /** Returns the paths under which something was set. */
  Set<String> paths() {
    return history.keySet();
  }

  /** Returns what is said of the training, by key. */
  Map<String, Field> training() {
    return training;
  }

  /** Says something of the training; a key that is there already is replaced with all below it. */
  void train(Field field) {
    training.put(field.key(), field);
    remember("training", field);
    rememberAll("training." + field.key(), field);
  }

  private void rememberAll(String path, Field field) {
    remember(path, field);
    if (field.value() instanceof Mapping mapping) {
      mapping.fields().values().forEach(inner -> rememberAll(path + "." + inner.key(), inner));
    }
  }

  /**
   * Sets one value of the training, as in {@code training.optimizer.sgd.momentum}.
   *
   * @throws Fault if there is no such value
   */
  void setTraining(Field edit) {
    List<String> path = List.of(edit.key().split("\\.", -1));
    Mapping root = new Mapping(edit.place(), training);
    Mapping changed = (Mapping) changed(root, path, 1, edit);
    training.putAll(changed.fields());
    remember(edit.key(), new Field(edit.place(), path.get(path.size() - 1), edit.value()));
  }

  private static Value changed(Value old, List<String> path, int depth, Field edit) {
    if (depth == path.size()) {
      return edit.value();
    }
    String key = path.get(depth);
    Map<String, Field> fields = old instanceof Mapping mapping ? mapping.fields() : Map.of();
    Field field = fields.get(key);
    if (field == null) {
      throw new Fault(
          edit.place(),
          "%s has no '%s' to set%s"
              .formatted(
                  String.join(".", path.subList(0, depth)),
                  key,
                  fields.isEmpty() ? "" : Values.suggest(key, fields.keySet())));
    }
    Map<String, Field> all = new LinkedHashMap<>(fields);
    all.put(key, new Field(field.place(), key, changed(field.value(), path, depth + 1, edit)));
    return new Mapping(old.place(), all);
  }

  /** Gives layers of a type a field where they do not say. */
  void addDefault(String type, Field field) {
    remember("defaults.%s.%s".formatted(type, field.key()), field);
    defaults(type).put(field.key(), field);
  }

  /** Returns the variants by name. */
  Map<String, Field> variants() {
    return variants;
  }

  /** Returns the variables that a derived file declared and no file it extends. */
  Map<String, Field> added() {
    return added;
  }

  /** Returns the fields that layers of a type have where they do not say. */
  Map<String, Field> defaults(String type) {
    return defaults.computeIfAbsent(type, key -> new LinkedHashMap<>());
  }

  /** Returns the definitions of blocks by name. */
  Map<String, Field> blocks() {
    return blocks;
  }

  /** Returns what the files say under {@code edit}, in the order in which it is to be done. */
  List<Value> edits() {
    return edits;
  }

  /** Returns the layers, to be changed by edits. */
  List<Item> layers() {
    return layers;
  }

  /** Remembers that an edit failed, so that the layers are not what the file means. */
  void flaw() {
    flawed = true;
  }

  /** Returns whether an edit failed. */
  boolean isFlawed() {
    return flawed;
  }

  /** Remembers what an edit did to a layer, for example {@code removed}, and where. */
  void edited(String layer, String how, Place at) {
    edited.put(layer, "; '%s' was %s at %s".formatted(layer, how, at));
  }

  /** Returns what became of a layer by an edit, as the end of a message; empty if nothing. */
  String fate(String layer) {
    return edited.getOrDefault(layer, "");
  }
}
