package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * Transposed convolution, also called deconvolution: what a convolution does to gradients, used to
 * enlarge images. Every pixel of the input adds its window, weighted, to the output.
 *
 * <pre>
 *   y[n,o,oh,ow] = bias[o] + sum over i, h, w, kh, kw of weight[g*C/groups + i, o', kh, kw]
 *       * x[n, g*C/groups + i, h, w]
 *   where oh = h*stride.h - pad.top + kh*dilation.h,  ow = w*stride.w - pad.left + kw*dilation.w
 *   g = o / (filters/groups), the group of filter o;  o' = o mod (filters/groups)
 *   OH = (H - 1)*stride.h + dilation.h*(kernel.h - 1) + 1 + output_padding.h - pad.top - pad.bottom
 * </pre>
 *
 * <p>and OW likewise. x is [N, C, H, W]; y is [N, filters, OH, OW]; parameters are {@code weight}
 * [C, filters/groups, kernel.h, kernel.w] and, if wanted, {@code bias} [filters]. The padding is
 * that of the convolution this one undoes: it takes rows and columns away. Groups split channels
 * and filters in order. Source: Zeiler, Krishnan, Taylor and Fergus (2010); Long, Shelhamer and
 * Darrell (2015), section 3.3.
 *
 * @param filters channels of the output, at least 1
 * @param kernel window size in pixels, at least 1
 * @param stride how many times larger the output is, at least 1
 * @param pad rows and columns taken away on each side, at least 0
 * @param outputPadding rows and columns added at the bottom and on the right, at least 0
 * @param dilation distance between neighbouring pixels of the window, at least 1
 * @param groups parts that do not see each other; divides channels and filters
 * @param bias whether a learned value is added to every channel of the output
 * @param init what fills the weights where none are given
 * @param biasInit what fills the bias where none is given
 */
@Key("conv_transpose")
public record TransposedConvolution(
    int filters,
    Extent kernel,
    @Default("1") Extent stride,
    @Default("0") Padding pad,
    @Default("0") Extent outputPadding,
    @Default("1") Extent dilation,
    @Default("1") int groups,
    @Default("true") boolean bias,
    @Default("kaiming") Initializer init,
    @Default("0") Initializer biasInit)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public TransposedConvolution {
    Check.atLeast("filters", 1, filters);
    Check.atLeast("kernel", 1, kernel);
    Check.atLeast("stride", 1, stride);
    Check.notNegative("pad", pad);
    Check.atLeast("output_padding", 0, outputPadding);
    Check.atLeast("dilation", 1, dilation);
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
    int h =
        side("height", x.h(), kernel.h(), stride.h(), dilation.h(), outputPadding.h(), vertical());
    int w =
        side("width", x.w(), kernel.w(), stride.w(), dilation.w(), outputPadding.w(), horizontal());
    long window = (long) kernel.h() * kernel.w();
    long fanIn = x.c() / groups * window;
    long fanOut = filters / groups * window;
    Shape shape = Shape.of(x.c(), filters / groups, kernel.h(), kernel.w());
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("weight", shape, init, fanIn, fanOut, true));
    if (bias) {
      parameters.add(new Parameter("bias", Shape.of(filters), biasInit, fanIn, fanOut, true));
    }
    long macs = Check.product("filters", x.volume(), fanOut);
    return new Signature(inputs, new Chw(filters, h, w), parameters, macs);
  }

  private long vertical() {
    return (long) pad.top() + pad.bottom();
  }

  private long horizontal() {
    return (long) pad.left() + pad.right();
  }

  private static int side(
      String axis, int in, int kernel, int stride, int dilation, int more, long less) {
    long whole = (in - 1L) * stride + (long) dilation * (kernel - 1) + 1 + more;
    Check.that(
        less < whole,
        "pad",
        "a pad of %d rows or columns takes all of the %s %d away",
        less,
        axis,
        whole);
    return Check.fitsInt("stride", "rows or columns", whole - less);
  }

  @Override
  public LayerProgram compile(Site site) {
    return TransposedConvolutionPrograms.compile(this, site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return TransposedConvolutionGradient.compile(this, site);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
