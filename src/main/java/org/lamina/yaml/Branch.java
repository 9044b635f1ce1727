package org.lamina.yaml;

import java.util.List;
import java.util.Optional;
import org.lamina.yaml.Value.Field;

/**
 * Layers in a row inside a layer: a branch of a join, or one use of a block.
 *
 * @param layers the layers, in a list that may be changed
 * @param conditional whether it is a shortcut where the shapes allow that
 * @param device where its layers belong that do not say
 */
record Branch(List<Item> layers, boolean conditional, Optional<Field> device) {

  /** Returns a plain row of layers. */
  static Branch of(List<Item> layers) {
    return new Branch(layers, false, Optional.empty());
  }

  /** Returns the same with other layers. */
  Branch with(List<Item> others) {
    return new Branch(others, conditional, device);
  }
}
