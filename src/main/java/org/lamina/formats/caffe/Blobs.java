package org.lamina.formats.caffe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.tensor.Chw;

/** What Caffe's names of tensors stand for while layers are translated one after the other. */
final class Blobs {

  /**
   * A tensor between layers.
   *
   * @param node the layer or input of the network that makes it; empty if it has no form there
   * @param shape of one image; empty if it is not known
   * @param axes how many Caffe says it has, the batch included
   */
  record Value(String node, Optional<Chw> shape, int axes) {

    /** What comes of a layer that could not be translated. */
    static final Value UNKNOWN = new Value("", Optional.empty(), 4);

    /** A label, or something else that is no picture. */
    static final Value LABEL = new Value("", Optional.empty(), 1);
  }

  private final Map<String, Value> values = new HashMap<>();
  private final Set<String> nodes = new HashSet<>();

  /** Gives a tensor a meaning, in place of what its name stood for. */
  void put(String blob, Value value) {
    values.put(blob, value);
  }

  /** Returns what a name stands for now. */
  Optional<Value> get(String blob) {
    return Optional.ofNullable(values.get(blob));
  }

  /** Returns all names. */
  Set<String> names() {
    return values.keySet();
  }

  /**
   * Returns a name that the language allows and no layer or input has yet.
   *
   * @param wanted a layer's name in the file
   * @param type used where that is empty
   */
  String unique(String wanted, String type) {
    String name = wanted.isEmpty() ? type : wanted;
    name = name.replaceAll("[^A-Za-z0-9_./:+-]", "_").replaceFirst("^[./:+-]", "_$0");
    name = name.length() > 190 ? name.substring(0, 190) : name;
    String free = name;
    for (int i = 2; !nodes.add(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** Returns whether a layer or input has a name. */
  boolean isTaken(String name) {
    return nodes.contains(name);
  }
}
