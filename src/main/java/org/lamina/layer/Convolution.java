package org.lamina.layer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * Convolution, or rather cross-correlation: the window is not flipped.
 *
 * <pre>
 *   y[n,o,oh,ow] = bias[o] + sum over i, kh, kw of weight[o,i,kh,kw]
 *       * x[n, g*C/groups + i, oh*stride.h - pad.top + kh*dilation.h,
 *                              ow*stride.w - pad.left + kw*dilation.w]
 *   g = o / (filters/groups), the group of filter o
 *   OH = floor((H + pad.top + pad.bottom - (dilation.h*(kernel.h - 1) + 1)) / stride.h) + 1
 * </pre>
 *
 * <p>and OW likewise. x is [N, C, H, W]; y is [N, filters, OH, OW]; parameters are {@code weight}
 * [filters, C/groups, kernel.h, kernel.w] and, if wanted, {@code bias} [filters]. Padding counts as
 * zeros. Groups split channels and filters in order: filter o sees only the channels of its group;
 * {@code groups = C} is a depthwise convolution. Source: LeCun et al. (1989); the groups are those
 * of Krizhevsky, Sutskever and Hinton (2012), figure 2.
 *
 * @param filters channels of the output, at least 1
 * @param kernel window size in pixels, at least 1
 * @param stride step between windows in pixels, at least 1
 * @param pad rows and columns of zeros added on each side, at least 0
 * @param dilation distance between neighbouring pixels of the window, at least 1
 * @param groups parts that do not see each other; divides channels and filters
 * @param bias whether a learned value is added to every channel of the output
 * @param init what fills the weights where none are given
 * @param biasInit what fills the bias where none is given
 */
@Key("conv")
public record Convolution(
    int filters,
    Extent kernel,
    @Default("1") Extent stride,
    @Default("0") Padding pad,
    @Default("1") Extent dilation,
    @Default("1") int groups,
    @Default("true") boolean bias,
    @Default("kaiming") Initializer init,
    @Default("0") Initializer biasInit)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public Convolution {
    Check.atLeast("filters", 1, filters);
    Check.atLeast("kernel", 1, kernel);
    Check.atLeast("stride", 1, stride);
    Check.notNegative("pad", pad);
    Check.atLeast("dilation", 1, dilation);
    Check.atLeast("groups", 1, groups);
    Check.that(
        filters % groups == 0,
        "groups",
        "'groups' must divide the filters, but %d filters are not divisible by %d",
        filters,
        groups);
  }

  /** Returns a convolution with a square window; everything else has its default. */
  public static Convolution of(int filters, int kernel) {
    Initializer kaiming = new Initializer.Kaiming(Initializer.Mode.FAN_IN);
    Initializer zero = new Initializer.Constant(0);
    Extent one = Extent.of(1);
    return new Convolution(
        filters, Extent.of(kernel), one, Padding.NONE, one, 1, true, kaiming, zero);
  }

  /** Returns the same with another step, the same in both directions. */
  public Convolution stride(int pixels) {
    return new Convolution(
        filters, kernel, Extent.of(pixels), pad, dilation, groups, bias, init, biasInit);
  }

  /** Returns the same with so many rows and columns of zeros on every side. */
  public Convolution pad(int pixels) {
    return new Convolution(
        filters, kernel, stride, Padding.of(pixels), dilation, groups, bias, init, biasInit);
  }

  /** Returns the same in so many parts that do not see each other. */
  public Convolution groups(int parts) {
    return new Convolution(filters, kernel, stride, pad, dilation, parts, bias, init, biasInit);
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
    Chw y = output(x);
    int channels = x.c() / groups;
    long window = (long) kernel.h() * kernel.w();
    long fanIn = channels * window;
    long fanOut = filters / groups * window;
    Shape shape = Shape.of(filters, channels, kernel.h(), kernel.w());
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("weight", shape, init, fanIn, fanOut, true));
    if (bias) {
      parameters.add(new Parameter("bias", Shape.of(filters), biasInit, fanIn, fanOut, true));
    }
    return new Signature(inputs, y, parameters, Check.product("filters", y.volume(), fanIn));
  }

  private Chw output(Chw x) {
    return new Chw(
        filters,
        Check.slide("height", x.h(), kernel.h(), dilation.h(), stride.h(), pad.top(), pad.bottom()),
        Check.slide("width", x.w(), kernel.w(), dilation.w(), stride.w(), pad.left(), pad.right()));
  }

  @Override
  public LayerProgram compile(Site site) {
    return ConvolutionPrograms.compile(this, site);
  }

  @Override
  public List<String> algorithms(Site site) {
    return List.copyOf(costs(site).keySet());
  }

  @Override
  public Map<String, Double> costs(Site site) {
    Map<String, Double> costs = new LinkedHashMap<>();
    ConvolutionPrograms.algorithms(this, site)
        .forEach(each -> costs.put(each.name(), each.cost(this, site)));
    return costs;
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }

  @Override
  public boolean adds(Site site) {
    return true;
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ConvolutionGradients.compile(this, site);
  }
}
