package org.lamina.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lamina.network.Network;
import org.lamina.tensor.Tensor;

/** The loss of a whole network in double precision, and its gradients by central differences. */
final class NetworkLoss {

  // Small, so that hardly ever a value crosses the kink of an activation or a pooling's tie.
  private static final double STEP = 1e-6;

  private final Network network;
  private final List<Loss> losses;
  private final int images;
  private final Map<String, float[]> inputs;
  private final Map<String, double[]> weights = new HashMap<>();
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
        weights.put(name, ReferenceRun.doubles(given.apply(name).values()));
      }
    }
  }

  /** Returns the weighted sum of the mean losses; squares are of differences from zero. */
  double value() {
    Map<String, double[]> results = ReferenceRun.withDoubles(network, images, inputs, weights::get);
    double sum = 0;
    for (Loss loss : losses) {
      double[] x = results.get(TrainingSchedule.compared(network, loss));
      if (loss.kind() == Loss.Kind.MEAN_SQUARES) {
        sum += loss.weight() * Arrays.stream(x).map(v -> v * v).sum() / x.length;
        continue;
      }
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
    double[] values = weights.get(name);
    double kept = values[element];
    values[element] = kept + STEP;
    double more = value();
    values[element] = kept - STEP;
    double less = value();
    values[element] = kept;
    return (more - less) / (2 * STEP);
  }
}
