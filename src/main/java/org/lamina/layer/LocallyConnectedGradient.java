package org.lamina.layer;

import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The way back through {@link LocallyConnected}. */
final class LocallyConnectedGradient {

  private static final String FILE = "locally_connected_gradient.cl";

  private final LocallyConnected layer;
  private final GradientSite site;
  private final Chw x;

  private LocallyConnectedGradient(LocallyConnected layer, GradientSite site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
  }

  static GradientProgram compile(LocallyConnected layer, GradientSite site) {
    LocallyConnectedGradient back = new LocallyConnectedGradient(layer, site);
    return GradientProgram.ofWeights(site, back::input, back::weight, back::bias);
  }

  private Launch input(Bindings bindings) {
    View dx = bindings.inputGradient();
    Kernel kernel = bindings.program(FILE).kernel("locally_connected_backward_input");
    bindings.gradient().bind(kernel, "dy");
    dx.bind(kernel, "dx");
    bindings.learning().values().get(0).bind(kernel, "weights");
    WindowArguments.of(layer, site.signature()).bind(kernel);
    kernel.set("blocks", dx.blocks()).set("channels", x.c());
    return new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * dx.blocks()));
  }

  private Launch weight(Bindings bindings) {
    Kernel kernel = bindings.program(FILE).kernel("locally_connected_backward_weights");
    bindings.input().bind(kernel, "x");
    return elements(kernel, bindings, 0, "dw");
  }

  private Launch bias(Bindings bindings) {
    Kernel kernel = bindings.program(FILE).kernel("locally_connected_backward_bias");
    return elements(kernel, bindings, 1, "db");
  }

  private Launch elements(Kernel kernel, Bindings bindings, int parameter, String name) {
    bindings.gradient().bind(kernel, "dy");
    bindings.parameterGradients().get(parameter).orElseThrow().bind(kernel, name);
    long elements = site.signature().parameters().get(parameter).shape().volume();
    kernel.set("elements", Math.toIntExact(elements));
    WindowArguments.of(layer, site.signature()).bind(kernel);
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), elements, 1));
  }
}
