package org.lamina.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lamina.layer.Parameter;
import org.lamina.layer.Reference;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Tensor;

/** A whole network in plain loops and double precision: the layers' references, one by one. */
final class ReferenceRun {

  private ReferenceRun() {}

  /** Returns the result of every layer, and the inputs, by name; dense NCHW. */
  static Map<String, double[]> of(
      Network network, int images, Map<String, float[]> inputs, Function<String, Tensor> weights) {
    return withDoubles(network, images, inputs, name -> doubles(weights.apply(name).values()));
  }

  /** Does the same with parameters in double precision. */
  static Map<String, double[]> withDoubles(
      Network network,
      int images,
      Map<String, float[]> inputs,
      Function<String, double[]> weights) {
    Map<String, double[]> results = new HashMap<>();
    inputs.forEach((name, values) -> results.put(name, doubles(values)));
    for (Node node : network.nodes()) {
      List<double[]> read = node.from().stream().map(results::get).toList();
      List<double[]> parameters = new ArrayList<>();
      for (Parameter parameter : node.signature().parameters()) {
        String name = node.name() + "." + parameter.name();
        parameters.add(weights.apply(name));
      }
      results.put(
          node.name(),
          Reference.of(node.layer()).forward(node.signature(), images, read, parameters).y());
    }
    return results;
  }

  static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }
}
