package org.lamina.network;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.Layer;
import org.lamina.layer.Signature;

/**
 * A layer at its place in a network.
 *
 * @param name unique in the network; its output and its weights go by this name
 * @param layer what is computed
 * @param from names of the nodes or network inputs it reads, in order
 * @param signature the shapes, as {@link Layer#infer} gave them
 * @param device a label that says where the layer belongs, for example {@code gpu0}; plain data
 */
public record Node(
    String name, Layer layer, List<String> from, Signature signature, Optional<String> device) {

  /** Copies the list. */
  public Node {
    from = List.copyOf(from);
  }
}
