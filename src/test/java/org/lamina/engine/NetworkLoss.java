package org.lamina.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lamina.network.Network;
import org.lamina.tensor.Tensor;

/** The loss of a whole network in double precision, and its gradients by central differences. */
final class NetworkLoss {

  private final Network network;
  private final List<Loss> losses;
  private final int images;
  private final Map<String, float[]> inputs;
  private final Map<String, Tensor> weights = new HashMap<>();
  private final int[] labels;

  NetworkLoss(
      Network network,
      List<Loss> losses,
      int images,
      Map<String, float[]> inputs,
      int[] labels,
      Function<String, Tensor> given) {
    this.network = network;
    this.losses = losses;
    this.images = images;
    this.inputs = inputs;
    this.labels = labels;
    for (var node : network.nodes()) {
      for (var parameter : node.signature().parameters()) {
        String name = node.name() + "." + parameter.name();
        Tensor tensor = given.apply(name);
        weights.put(name, new Tensor(tensor.shape(), tensor.values().clone()));
      }
    }
  }

  /** Returns the weighted sum of the mean losses. */
  double value() {
    Map<String, double[]> results = ReferenceRun.of(network, images, inputs, weights::get);
    double sum = 0;
    for (Loss loss : losses) {
      double[] x = results.get(TrainingSchedule.compared(network, loss));
      int classes = x.length / images;
      for (int n = 0; n < images; n++) {
        sum += loss.weight() * crossEntropy(loss, x, n * classes, classes, labels[n]) / images;
      }
    }
    return sum;
  }

  private static double crossEntropy(Loss loss, double[] x, int first, int classes, int label) {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += Math.exp(x[first + c]);
    }
    double value = 0;
    for (int c = 0; c < classes; c++) {
      double weight = loss.classWeights().isEmpty() ? 1 : loss.classWeights().get(c);
      double target = (c == label ? 1 - loss.smoothing() : 0) + loss.smoothing() / classes;
      value -= weight * target * (x[first + c] - Math.log(sum));
    }
    return value;
  }

  /** Returns the derivative of the loss by one element of a parameter. */
  double derivative(String name, int element) {
    float[] values = weights.get(name).values();
    float kept = values[element];
    values[element] = kept + 0x1p-10f;
    double above = values[element];
    double more = value();
    values[element] = kept - 0x1p-10f;
    double below = values[element];
    double less = value();
    values[element] = kept;
    return (more - less) / (above - below);
  }
}
