package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/**
 * Layers that are linear in each channel, carried out by the weights of the layer before them.
 *
 * <pre>
 *   scale[o]*(sum of weight[o,..]*x + bias[o]) + shift[o]
 *       = sum of (scale[o]*weight[o,..])*x + (scale[o]*bias[o] + shift[o])
 * </pre>
 *
 * <p>Such a layer is a batch normalisation with its running statistics, a {@code scale} or a {@code
 * bias}; the layer before it a convolution or a fully connected layer. It is done once, when
 * weights are loaded, in double precision, and rounded at the end. Only for inference.
 */
public final class Folding {

  private Folding() {}

  /** Returns whether {@code next} can be carried out by the weights of {@code layer}. */
  public static boolean folds(Layer layer, Layer next) {
    boolean weighs = layer instanceof Convolution || layer instanceof FullyConnected;
    boolean linear =
        next instanceof BatchNormalization
            || next instanceof ChannelScale
            || next instanceof ChannelBias;
    return weighs && linear;
  }

  /**
   * Returns the layer that does the work of both: the same with a bias.
   *
   * @param layer one that {@link #folds}; others stay as they are
   */
  public static Layer withBias(Layer layer) {
    if (layer instanceof Convolution c) {
      return new Convolution(
          c.filters(),
          c.kernel(),
          c.stride(),
          c.pad(),
          c.dilation(),
          c.groups(),
          true,
          c.init(),
          c.biasInit());
    }
    if (layer instanceof FullyConnected f) {
      return new FullyConnected(f.units(), true, f.init(), f.biasInit());
    }
    return layer;
  }

  /**
   * Returns weights and biases of the layer that does the work of both.
   *
   * @param parameters those of the first layer, with or without a bias; not changed
   * @param next the linear layer
   * @param of its parameters
   */
  public static List<Tensor> fold(List<Tensor> parameters, Layer next, List<Tensor> of) {
    Tensor weight = parameters.get(0);
    int outputs = weight.shape().extents().get(0);
    int each = weight.values().length / outputs;
    float[] weights = weight.values().clone();
    float[] biases = new float[outputs];
    for (int o = 0; o < outputs; o++) {
      double scale = scale(next, of, o);
      for (int i = o * each; i < (o + 1) * each; i++) {
        weights[i] = (float) (scale * weights[i]);
      }
      double bias = parameters.size() > 1 ? parameters.get(1).values()[o] : 0;
      biases[o] = (float) (scale * bias + shift(next, of, o));
    }
    List<Tensor> folded = new ArrayList<>();
    folded.add(new Tensor(weight.shape(), weights));
    folded.add(new Tensor(Shape.of(outputs), biases));
    return folded;
  }

  /** Returns what a linear layer multiplies a channel with. */
  static double scale(Layer layer, List<Tensor> parameters, int channel) {
    if (layer instanceof BatchNormalization norm) {
      double gamma = norm.affine() ? parameters.get(0).values()[channel] : 1;
      double variance = parameters.get(norm.affine() ? 3 : 1).values()[channel];
      return gamma / Math.sqrt(variance + norm.epsilon());
    }
    return layer instanceof ChannelScale ? parameters.get(0).values()[channel] : 1;
  }

  /** Returns what a linear layer adds to a channel. */
  static double shift(Layer layer, List<Tensor> parameters, int channel) {
    if (layer instanceof BatchNormalization norm) {
      double beta = norm.affine() ? parameters.get(1).values()[channel] : 0;
      double mean = parameters.get(norm.affine() ? 2 : 0).values()[channel];
      return beta - mean * scale(layer, parameters, channel);
    }
    if (layer instanceof ChannelScale scale) {
      return scale.bias() ? parameters.get(1).values()[channel] : 0;
    }
    return parameters.get(0).values()[channel];
  }
}
