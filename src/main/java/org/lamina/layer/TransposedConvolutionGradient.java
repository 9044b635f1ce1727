package org.lamina.layer;

import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/**
 * The way back through a transposed convolution: by the input it is an ordinary convolution of dy;
 * by the weights it is that of a convolution whose input is dy and whose gradient is x.
 */
final class TransposedConvolutionGradient {

  private final TransposedConvolution layer;
  private final GradientSite site;
  private final Chw x;

  private TransposedConvolutionGradient(TransposedConvolution layer, GradientSite site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
  }

  static GradientProgram compile(TransposedConvolution layer, GradientSite site) {
    TransposedConvolutionGradient back = new TransposedConvolutionGradient(layer, site);
    return GradientProgram.ofWeights(site, back::input, back::weight, ChannelSums::bias);
  }

  private Launch input(Bindings bindings) {
    View dx = bindings.inputGradient();
    Kernel kernel =
        bindings
            .program("transposed_convolution_gradient.cl")
            .kernel("transposed_convolution_backward_input");
    bindings.gradient().bind(kernel, "dy");
    dx.bind(kernel, "dx");
    bindings.learning().values().get(0).bind(kernel, "weights");
    window(kernel);
    kernel.set("blocks", dx.blocks()).set("channels", x.c());
    return new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * dx.blocks()));
  }

  private Launch weight(Bindings bindings) {
    Kernel kernel =
        bindings
            .program("convolution_gradient_plain.cl")
            .kernel("convolution_backward_weights_plain");
    bindings.gradient().bind(kernel, "x");
    bindings.input().bind(kernel, "dy");
    bindings.parameterGradients().get(0).orElseThrow().bind(kernel, "dw");
    window(kernel);
    long elements = site.signature().parameters().get(0).shape().volume();
    kernel.set("elements", Math.toIntExact(elements));
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), elements, 1));
  }

  /** Binds everything as for the convolution from y to x. */
  private void window(Kernel kernel) {
    WindowArguments.of(layer, site.signature(), true).bind(kernel);
  }
}
