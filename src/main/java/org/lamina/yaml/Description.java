package org.lamina.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.yaml.Value.Field;
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
  private boolean flawed;

  /** Returns a section that is simply overridden: network, input, inputs, preprocess, layers. */
  Optional<Field> section(String key) {
    return Optional.ofNullable(sections.get(key));
  }

  void section(Field field) {
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
    first.putIfAbsent(variable.key(), variable);
    if (let.put(variable.key(), variable) == null && derived) {
      added.put(variable.key(), variable);
    }
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
