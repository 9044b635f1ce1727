package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The program of the poolings over a whole plane. */
final class GlobalPooling {

  private GlobalPooling() {}

  static LayerProgram compile(Site site, String name) {
    Chw x = site.signature().input();
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings -> {
          Kernel pooling = bindings.program("global_pooling.cl").kernel(name);
          bindings.input().bind(pooling, "x");
          bindings.output().bind(pooling, "y");
          int blocks = bindings.output().blocks();
          pooling.set("blocks", blocks).set("height", x.h()).set("width", x.w());
          return List.of(new Launch(pooling, n -> Ranges.elements(bindings, blocks, n)));
        });
  }

  static GradientProgram backward(GradientSite site, boolean max) {
    GradientProgram program =
        GradientProgram.ofGradient(
            site,
            GradientProgram.Aliasing.NONE,
            bindings -> List.of(launch(bindings, site.signature().input(), max)));
    return max ? program.readingInputs().readingOutput() : program;
  }

  private static Launch launch(GradientProgram.Bindings bindings, Chw x, boolean max) {
    String name = max ? "global_max_pooling_backward" : "global_average_pooling_backward";
    Kernel kernel = bindings.program("global_pooling_gradient.cl").kernel(name);
    bindings.gradient().bind(kernel, "dy");
    bindings.inputGradient().bind(kernel, "dx");
    int blocks = bindings.gradient().blocks();
    kernel.set("blocks", blocks).set("height", x.h()).set("width", x.w());
    if (!max) {
      return new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * blocks));
    }
    bindings.input().bind(kernel, "x");
    bindings.output().orElseThrow().bind(kernel, "y");
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), blocks, n));
  }
}
