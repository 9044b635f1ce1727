package org.lamina.weights;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Initializer;
import org.lamina.layer.Parameter;
import org.lamina.layer.Relu;
import org.lamina.layer.Signature;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/** A network of one layer with parameters of every kind, for tests that need no more. */
final class SampleNetwork {

  static final Parameter WEIGHT =
      parameter("weight", Shape.of(4, 3, 5, 5), new Initializer.Normal(0, 0.01));
  static final Parameter BIAS = parameter("bias", Shape.of(4), new Initializer.Constant(0.1));

  private SampleNetwork() {}

  static Parameter parameter(String name, Shape shape, Initializer initializer) {
    return new Parameter(name, shape, initializer, 75, 100, true);
  }

  static Network network() {
    Chw shape = new Chw(3, 8, 8);
    Signature signature = new Signature(List.of(shape), shape, List.of(WEIGHT, BIAS), 0);
    Node node = new Node("fire/conv", new Relu(), List.of("data"), signature, Optional.empty());
    return new Network(
        "sample", Map.of("data", shape), List.of(node), List.of("fire/conv"), Preprocessing.NONE);
  }
}
