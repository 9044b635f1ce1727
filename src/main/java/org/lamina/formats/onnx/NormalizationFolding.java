package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Convolution;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Layer;
import org.lamina.network.Network.Entry;

/**
 * Batch normalisations that become part of the convolution before them.
 *
 * <pre>
 *   s = gamma / sqrt(var + epsilon),  weight' = s * weight,  bias' = s * (bias - mean) + beta
 * </pre>
 */
final class NormalizationFolding {

  private NormalizationFolding() {}

  /**
   * Folds all that can be; returns the names of the layers that are gone.
   *
   * @param results what leaves the network; changed where a normalisation left it
   */
  static List<String> apply(Assembly net, Map<String, Activation> results) {
    List<String> folded = new ArrayList<>();
    for (Entry entry : List.copyOf(net.entries().values())) {
      if (entry.layer() instanceof BatchNormalization norm) {
        Entry before = net.entries().get(entry.from().get(0));
        boolean alone =
            Finish.readers(net).getOrDefault(entry.from().get(0), List.of()).size() == 1;
        boolean leaves =
            results.values().stream().anyMatch(x -> x.name().equals(entry.from().get(0)));
        if (before != null && alone && !leaves && takes(before.layer())) {
          fold(net, before, entry.name(), norm);
          redirect(net, entry.name(), before.name(), results);
          folded.add(entry.name());
        }
      }
    }
    return folded;
  }

  private static boolean takes(Layer layer) {
    return layer instanceof Convolution || layer instanceof FullyConnected;
  }

  private static void fold(Assembly net, Entry before, String name, BatchNormalization norm) {
    String layer = before.name();
    Map<String, Values> weights = net.weights();
    Values gamma = weights.remove(name + ".weight");
    Values beta = weights.remove(name + ".bias");
    Values mean = weights.remove(name + ".running_mean");
    Values var = weights.remove(name + ".running_var");
    Values weight = weights.get(layer + ".weight");
    boolean biased = weights.containsKey(layer + ".bias");
    Values bias = biased ? weights.get(layer + ".bias") : mean;
    String how = name + " folded in";
    weights.put(
        layer + ".weight",
        weight.replaced(
            how, weight.dims(), () -> scaled(weight, factors(gamma, var, norm)), gamma, var));
    weights.put(
        layer + ".bias",
        bias.replaced(
            how,
            List.of(gamma.count()),
            () -> shifted(biased ? bias.floats() : null, mean, beta, factors(gamma, var, norm)),
            gamma,
            beta,
            mean,
            var));
    if (!biased) {
      net.replace(layer, Biases.added(before.layer()));
    }
  }

  private static double[] factors(Values gamma, Values var, BatchNormalization norm) {
    float[] scale = gamma.floats();
    float[] variance = var.floats();
    double[] factors = new double[scale.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = scale[i] / Math.sqrt((double) variance[i] + norm.epsilon());
    }
    return factors;
  }

  private static float[] scaled(Values weight, double[] factors) {
    float[] values = weight.floats();
    int each = values.length / factors.length;
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (values[i] * factors[i / each]);
    }
    return values;
  }

  private static float[] shifted(float[] bias, Values mean, Values beta, double[] factors) {
    float[] means = mean.floats();
    float[] shifts = beta.floats();
    float[] values = new float[factors.length];
    for (int i = 0; i < values.length; i++) {
      double before = bias == null ? 0 : bias[i];
      values[i] = (float) (factors[i] * (before - means[i]) + shifts[i]);
    }
    return values;
  }

  private static void redirect(
      Assembly net, String gone, String instead, Map<String, Activation> results) {
    net.entries().remove(gone);
    net.entries()
        .replaceAll(
            (name, entry) ->
                new Entry(
                    name,
                    entry.layer(),
                    entry.from().stream().map(f -> f.equals(gone) ? instead : f).toList(),
                    entry.device()));
    results.replaceAll(
        (name, x) -> x.name().equals(gone) ? new Activation(instead, x.dims(), x.view()) : x);
  }
}
