package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/**
 * Single values of a layer's result in double precision, by the formula of {@link Convolution} and
 * nothing else: what kernels are held against on the machine where they run.
 */
public final class SpotCheck {

  private final Convolution layer;
  private final Chw x;
  private final Chw y;
  private final float[] weights;
  private final Optional<float[]> bias;

  private SpotCheck(Convolution layer, Chw x, List<Tensor> parameters) {
    this.layer = layer;
    this.x = x;
    y = layer.infer(List.of(x)).output();
    weights = parameters.get(0).values();
    bias = layer.bias() ? Optional.of(parameters.get(1).values()) : Optional.empty();
  }

  /**
   * Returns the check of a convolution or a fully connected layer.
   *
   * @param x the shape of an image
   * @param parameters the layer's tensors in the order of {@link Signature#parameters}
   * @throws IllegalArgumentException if the layer is another one
   */
  public static SpotCheck of(Layer layer, Chw x, List<Tensor> parameters) {
    if (layer instanceof Convolution convolution) {
      return new SpotCheck(convolution, x, parameters);
    }
    if (layer instanceof FullyConnected connected) {
      return new SpotCheck(FullyConnectedPrograms.asConvolution(connected, x), x, parameters);
    }
    throw new IllegalArgumentException("a layer of type '" + layer.key() + "' has no spot check");
  }

  /**
   * Returns one value of the result.
   *
   * @param image one image, dense [C, H, W]
   * @param element the place of the value in the dense result, [filters, OH, OW]
   */
  public double at(float[] image, int element) {
    int o = element / (y.h() * y.w());
    int top = element / y.w() % y.h() * layer.stride().h() - layer.pad().top();
    int left = element % y.w() * layer.stride().w() - layer.pad().left();
    int channels = x.c() / layer.groups();
    int first = o / (layer.filters() / layer.groups()) * channels;
    double sum = bias.map(values -> (double) values[o]).orElse(0.0);
    int weight = o * channels * layer.kernel().h() * layer.kernel().w();
    for (int c = first; c < first + channels; c++) {
      for (int kh = 0; kh < layer.kernel().h(); kh++) {
        int h = top + kh * layer.dilation().h();
        for (int kw = 0; kw < layer.kernel().w(); kw++, weight++) {
          int w = left + kw * layer.dilation().w();
          if (h >= 0 && h < x.h() && w >= 0 && w < x.w()) {
            sum += (double) weights[weight] * image[(c * x.h() + h) * x.w() + w];
          }
        }
      }
    }
    return sum;
  }
}
