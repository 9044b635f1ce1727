package org.lamina.layer;

import java.util.List;

/** A fully connected layer as a scatter: every input adds to all outputs. */
record FullyConnectedReference(FullyConnected layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    int values = Math.toIntExact(signature.input().volume());
    double[] weight = parameters.get(0);
    Sums sums = new Sums(images * layer.units());
    for (int n = 0; n < images; n++) {
      for (int u = 0; layer.bias() && u < layer.units(); u++) {
        sums.add(n * layer.units() + u, parameters.get(1)[u]);
      }
      for (int i = 0; i < values; i++) {
        for (int u = 0; u < layer.units(); u++) {
          sums.add(n * layer.units() + u, weight[u * values + i] * inputs.get(0)[n * values + i]);
        }
      }
    }
    return sums.result();
  }
}
