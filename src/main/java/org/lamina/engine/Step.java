package org.lamina.engine;

import java.util.Optional;
import org.lamina.network.Node;

/**
 * A layer, and an activation that runs with it if there is one.
 *
 * @param node the layer
 * @param fused the activation that its kernels apply before they store the result
 */
record Step(Node node, Optional<Node> fused) {

  /** Returns the name of what the step produces: that of its last layer. */
  String output() {
    return fused.orElse(node).name();
  }

  /** Returns the names of its layers, for example {@code conv1 + relu1}. */
  String label() {
    return fused.map(last -> node.name() + " + " + last.name()).orElse(node.name());
  }
}
