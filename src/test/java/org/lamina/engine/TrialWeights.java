package org.lamina.engine;

import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Tensor;

/** Weights for plans in tests: small numbers that are the same every time. */
final class TrialWeights {

  private TrialWeights() {}

  /** Returns a parameter by its name in the network. */
  static Tensor of(Network network, String name) {
    for (Node node : network.nodes()) {
      for (Parameter parameter : node.signature().parameters()) {
        if (name.equals(node.name() + "." + parameter.name())) {
          Tensor tensor = Tensor.zeros(parameter.shape());
          for (int i = 0; i < tensor.values().length; i++) {
            tensor.values()[i] = (i * 31 % 97 - 48) / 200f;
          }
          return tensor;
        }
      }
    }
    throw new IllegalArgumentException("no parameter " + name);
  }
}
