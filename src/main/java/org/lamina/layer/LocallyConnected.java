package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * A convolution whose weights are not shared: every position of the output has a window of its own.
 *
 * <pre>
 *   y[n,o,oh,ow] = bias[o,oh,ow] + sum over i, kh, kw of weight[o,oh,ow,i,kh,kw]
 *       * x[n, g*C/groups + i, oh*stride.h - pad.top + kh, ow*stride.w - pad.left + kw]
 *   g = o / (filters/groups), the group of filter o
 *   OH = floor((H + pad.top + pad.bottom - kernel.h) / stride.h) + 1, and OW likewise
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, filters, OH, OW]; parameters are {@code weight} [filters, OH, OW,
 * C/groups, kernel.h, kernel.w] and, if wanted, {@code bias} [filters, OH, OW]: one for every
 * position too. Weights that meet padding have no effect. Source: the layer {@code local} of
 * Krizhevsky's cuda-convnet (2011), with its biases; PyTorch and Caffe have no such layer, Keras
 * calls it LocallyConnected2D.
 *
 * @param filters channels of the output, at least 1
 * @param kernel window size in pixels, at least 1
 * @param stride step between windows in pixels, at least 1
 * @param pad rows and columns of zeros added on each side, at least 0
 * @param groups parts that do not see each other; divides channels and filters
 * @param bias whether a learned value is added to every element of the output
 * @param init what fills the weights where none are given
 * @param biasInit what fills the bias where none is given
 */
@Key("local")
public record LocallyConnected(
    int filters,
    Extent kernel,
    @Default("1") Extent stride,
    @Default("0") Padding pad,
    @Default("1") int groups,
    @Default("true") boolean bias,
    @Default("kaiming") Initializer init,
    @Default("0") Initializer biasInit)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public LocallyConnected {
    Check.atLeast("filters", 1, filters);
    Check.atLeast("kernel", 1, kernel);
    Check.atLeast("stride", 1, stride);
    Check.notNegative("pad", pad);
    Check.atLeast("groups", 1, groups);
    Check.that(
        filters % groups == 0,
        "groups",
        "'groups' must divide the filters, but %d filters are not divisible by %d",
        filters,
        groups);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    Check.that(
        x.c() % groups == 0,
        "groups",
        "'groups' must divide the input channels, but %d channels are not divisible by %d",
        x.c(),
        groups);
    Chw y =
        new Chw(
            filters,
            Check.slide("height", x.h(), kernel.h(), 1, stride.h(), pad.top(), pad.bottom()),
            Check.slide("width", x.w(), kernel.w(), 1, stride.w(), pad.left(), pad.right()));
    int channels = x.c() / groups;
    long window = (long) kernel.h() * kernel.w();
    long fanIn = channels * window;
    long fanOut = filters / groups * window;
    long macs = Check.product("filters", y.volume(), fanIn);
    Shape shape = Shape.of(filters, y.h(), y.w(), channels, kernel.h(), kernel.w());
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("weight", shape, init, fanIn, fanOut, true));
    if (bias) {
      Shape each = Shape.of(filters, y.h(), y.w());
      parameters.add(new Parameter("bias", each, biasInit, fanIn, fanOut, true));
    }
    return new Signature(inputs, y, parameters, macs);
  }

  @Override
  public LayerProgram compile(Site site) {
    return LocallyConnectedPrograms.compile(this, site);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return LocallyConnectedGradient.compile(this, site);
  }
}
