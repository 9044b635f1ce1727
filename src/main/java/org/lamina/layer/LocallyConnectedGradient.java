package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.GradientProgram.Aliasing;
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
    Layout layout = Layout.of(site.vector());
    return new GradientProgram(
        List.of(site.wantsParameter(0) ? Optional.of(layout) : Optional.empty()),
        Optional.empty(),
        layout,
        site.vector(),
        Aliasing.NONE,
        List.of(),
        0,
        new LocallyConnectedGradient(layer, site)::bind);
  }

  private List<Launch> bind(Bindings bindings) {
    List<Launch> launches = new ArrayList<>();
    if (site.wantsInput()) {
      launches.add(input(bindings));
    }
    if (site.wantsParameter(0)) {
      Kernel kernel = bindings.program(FILE).kernel("locally_connected_backward_weights");
      bindings.input().bind(kernel, "x");
      launches.add(elements(kernel, bindings, 0, "dw"));
    }
    if (site.wantsParameter(1)) {
      Kernel kernel = bindings.program(FILE).kernel("locally_connected_backward_bias");
      launches.add(elements(kernel, bindings, 1, "db"));
    }
    return launches;
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
