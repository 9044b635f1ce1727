package org.lamina.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.lamina.layer.Folding;
import org.lamina.layer.Layer;
import org.lamina.layer.Signature;
import org.lamina.network.Node;
import org.lamina.tensor.Chw;

/**
 * A layer, and the layers after it that run with it.
 *
 * @param node the layer
 * @param folded layers that its weights carry out, in order, see {@link Folding}
 * @param added the sum of its result and another one
 * @param fused the activation or pooling that its kernels apply before they store the result
 */
record Step(Node node, List<Node> folded, Optional<Node> added, Optional<Node> fused) {

  /** A layer, and perhaps an activation. */
  Step(Node node, Optional<Node> fused) {
    this(node, List.of(), Optional.empty(), fused);
  }

  /** Copies the list. */
  Step {
    folded = List.copyOf(folded);
  }

  /** Returns its layers in order. */
  List<Node> nodes() {
    List<Node> nodes = new ArrayList<>(List.of(node));
    nodes.addAll(folded);
    added.ifPresent(nodes::add);
    fused.ifPresent(nodes::add);
    return nodes;
  }

  /** Returns the name of what the step produces: that of its last layer. */
  String output() {
    List<Node> nodes = nodes();
    return nodes.get(nodes.size() - 1).name();
  }

  /** Returns the shape of what the step produces. */
  Chw shape() {
    List<Node> nodes = nodes();
    return nodes.get(nodes.size() - 1).signature().output();
  }

  /** Returns the names of its layers, for example {@code conv1 + relu1}. */
  String label() {
    return nodes().stream().map(Node::name).collect(Collectors.joining(" + "));
  }

  /** Returns the names of the results that it reads: what is added comes last. */
  List<String> from() {
    List<String> from = new ArrayList<>(node.from());
    if (added.isPresent()) {
      String own = folded.isEmpty() ? node.name() : folded.get(folded.size() - 1).name();
      added.get().from().stream().filter(name -> !name.equals(own)).forEach(from::add);
    }
    return from;
  }

  /** Returns the layer that runs: with a bias where others are folded into it. */
  Layer layer() {
    return folded.isEmpty() ? node.layer() : Folding.withBias(node.layer());
  }

  /** Returns that layer's signature. */
  Signature signature() {
    return folded.isEmpty() ? node.signature() : layer().infer(node.signature().inputs());
  }
}
