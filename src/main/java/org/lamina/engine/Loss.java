package org.lamina.engine;

import java.util.List;
import java.util.stream.Collectors;
import org.lamina.layer.Softmax;
import org.lamina.network.Network;

/**
 * What a training step makes smaller: one term of a weighted sum, averaged over the images.
 *
 * <pre>
 *   cross-entropy   loss = - sum over c of t[c] * log(p[c]),   p = softmax(logits)
 *                   t[c] = classWeights[c] * ((c == label ? 1 - smoothing : 0) + smoothing / C)
 *   mean squares    loss = (sum over c, h, w of (y - target)^2) / (C*H*W)
 * </pre>
 *
 * <p>Where the layer is a {@code softmax}, its input are the logits and both are worked out
 * together; any other layer is taken to give logits itself. The mean is over images, whatever their
 * class weights: Caffe's rule; PyTorch divides by the sum of the labels' weights.
 *
 * @param layer the name of the layer
 * @param weight the factor in the sum, any finite number
 * @param kind how the layer's result is compared
 * @param smoothing the share of the target that is spread over all classes, in [0, 1); Szegedy et
 *     al. (2016), section 7
 * @param classWeights one factor for each class; empty for 1 each
 */
public record Loss(
    String layer, double weight, Kind kind, double smoothing, List<Double> classWeights) {

  /** How results are compared with what they should be. */
  public enum Kind {
    /** With a class for each image. */
    CROSS_ENTROPY,
    /** With a number for each element. */
    MEAN_SQUARES
  }

  /**
   * Copies the list.
   *
   * @throws IllegalArgumentException if smoothing is not in [0, 1) or the weight not finite
   */
  public Loss {
    classWeights = List.copyOf(classWeights);
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw new IllegalArgumentException(
          "smoothing must be at least 0 and less than 1, but is " + smoothing);
    }
    if (!Double.isFinite(weight)) {
      throw new IllegalArgumentException("the weight of a loss must be finite, but is " + weight);
    }
  }

  /** Returns the cross-entropy of a layer, without smoothing or class weights. */
  public static Loss crossEntropy(String layer, double weight) {
    return new Loss(layer, weight, Kind.CROSS_ENTROPY, 0, List.of());
  }

  /** Returns the mean of squared differences of a layer. */
  public static Loss meanSquares(String layer, double weight) {
    return new Loss(layer, weight, Kind.MEAN_SQUARES, 0, List.of());
  }

  /**
   * Returns the losses of a network that names none: cross-entropy of every output that is a
   * softmax, weighted 1; if there is none, of every output.
   */
  public static List<Loss> of(Network network) {
    List<String> softmaxes =
        network.outputs().stream()
            .filter(name -> network.node(name).layer() instanceof Softmax)
            .toList();
    return (softmaxes.isEmpty() ? network.outputs() : softmaxes)
        .stream().map(name -> crossEntropy(name, 1)).collect(Collectors.toList());
  }
}
