package org.lamina.network.lint;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.Layer;
import org.lamina.network.LayerFields;
import org.lamina.network.Node;
import org.lamina.tensor.Chw;

/**
 * A layer and what is around it.
 *
 * @param node the layer
 * @param surroundings the network it stands in
 */
record Spot(Node node, Surroundings surroundings) {

  String name() {
    return node.name();
  }

  String type() {
    return node.layer().key();
  }

  boolean is(List<Class<? extends Layer>> types) {
    return types.contains(node.layer().getClass());
  }

  Chw input() {
    return node.signature().input();
  }

  Chw output() {
    return node.signature().output();
  }

  <T> Optional<T> field(String key, Class<T> type) {
    return LayerFields.value(node.layer(), key, type);
  }

  /** Returns whether a field is {@code true}. */
  boolean has(String key) {
    return field(key, Boolean.class).orElse(false);
  }

  /** Returns the layer that is read, if it is exactly one and not an input. */
  Optional<Spot> source() {
    return node.from().size() == 1 ? surroundings.spot(node.from().get(0)) : Optional.empty();
  }

  /** Returns all layers that are read, without network inputs. */
  List<Spot> sources() {
    return node.from().stream().flatMap(from -> surroundings.spot(from).stream()).toList();
  }

  /** Returns the layers that read this one. */
  List<Spot> readers() {
    return surroundings.readers(name());
  }

  /** Returns the layer that reads this one, if it is exactly one. */
  Optional<Spot> reader() {
    List<Spot> readers = readers();
    return readers.size() == 1 ? Optional.of(readers.get(0)) : Optional.empty();
  }
}
