package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The programs of {@link Softmax} and {@link LogSoftmax}. */
final class SoftmaxPrograms {

  private SoftmaxPrograms() {}

  static LayerProgram compile(Site site, String name) {
    Chw shape = site.signature().output();
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.IN_PLACE,
        bindings -> {
          Kernel softmax = bindings.program("softmax.cl").kernel(name);
          bindings.input().bind(softmax, "x");
          bindings.output().bind(softmax, "y");
          softmax.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
          return List.of(
              new Launch(softmax, n -> Ranges.planes(bindings, shape.h(), shape.w(), n)));
        });
  }

  static GradientProgram backward(GradientSite site, boolean logarithm) {
    Chw shape = site.signature().output();
    return GradientProgram.ofGradient(
            site,
            GradientProgram.Aliasing.IN_PLACE,
            bindings -> {
              Kernel kernel = bindings.program("softmax_gradient.cl").kernel("softmax_backward");
              bindings.output().orElseThrow().bind(kernel, "y");
              bindings.gradient().bind(kernel, "dy");
              bindings.inputGradient().bind(kernel, "dx");
              kernel.set("logarithm", logarithm ? 1 : 0).set("channels", shape.c());
              kernel.set("height", shape.h()).set("width", shape.w());
              return List.of(
                  new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n)));
            })
        .readingOutput();
  }
}
