package org.lamina.layer;

import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The way back of {@code opencl/convolution_gradient_plain.cl}: any convolution, no speed. */
final class PlainConvolutionGradient {

  private static final String FILE = "convolution_gradient_plain.cl";

  private final Convolution layer;
  private final GradientSite site;
  private final Chw x;

  private PlainConvolutionGradient(Convolution layer, GradientSite site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
  }

  static GradientProgram compile(Convolution layer, GradientSite site) {
    PlainConvolutionGradient back = new PlainConvolutionGradient(layer, site);
    return GradientProgram.ofWeights(site, back::input, back::weight, ChannelSums::bias);
  }

  private Launch input(Bindings bindings) {
    View dx = bindings.inputGradient();
    Kernel kernel = bindings.program(FILE).kernel("convolution_backward_input_plain");
    dx.bind(kernel, "dx");
    common(kernel, bindings);
    bindings.learning().values().get(0).bind(kernel, "weights");
    kernel.set("blocks", dx.blocks()).set("channels", x.c());
    return new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * dx.blocks()));
  }

  private Launch weight(Bindings bindings) {
    Kernel kernel = bindings.program(FILE).kernel("convolution_backward_weights_plain");
    bindings.input().bind(kernel, "x");
    common(kernel, bindings);
    bindings.parameterGradients().get(0).orElseThrow().bind(kernel, "dw");
    long elements = site.signature().parameters().get(0).shape().volume();
    kernel.set("elements", Math.toIntExact(elements));
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), elements, 1));
  }

  private void common(Kernel kernel, Bindings bindings) {
    bindings.gradient().bind(kernel, "dy");
    WindowArguments.of(layer, site.signature()).bind(kernel);
  }
}
