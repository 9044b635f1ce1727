package org.lamina.layer;

import java.util.List;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Program;
import org.lamina.tensor.Chw;

/** The programs of {@link Dropout} in training: {@code opencl/dropout.cl}, both ways. */
final class DropoutPrograms {

  private static final String FILE = "dropout.cl";

  private DropoutPrograms() {}

  static LayerProgram compile(Dropout layer, Site site) {
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        LayerProgram.Aliasing.IN_PLACE,
        bindings -> {
          Kernel kernel = kernel(bindings.program(FILE), layer, bindings.learning().orElseThrow());
          return List.of(launch(kernel, bindings, bindings.input(), bindings.output()));
        });
  }

  static GradientProgram backward(Dropout layer, GradientSite site) {
    if (layer.p() == 0) {
      return GradientProgram.same(site);
    }
    return GradientProgram.ofGradient(
        site,
        Aliasing.IN_PLACE,
        bindings -> {
          Kernel kernel = kernel(bindings.program(FILE), layer, bindings.learning());
          bind(kernel, bindings.gradient(), bindings.inputGradient());
          Chw shape = bindings.gradient().shape();
          int blocks = bindings.gradient().blocks();
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
        });
  }

  private static Launch launch(Kernel kernel, LayerProgram.Bindings bindings, View x, View y) {
    bind(kernel, x, y);
    return new Launch(
        kernel, n -> Ranges.planes(bindings, x.shape().h(), x.shape().w(), n * x.blocks()));
  }

  private static Kernel kernel(Program program, Dropout layer, Learning learning) {
    Kernel kernel = program.kernel("dropout");
    learning.samples().bind(kernel, "samples");
    return kernel
        .set("stream", learning.stream())
        .set("threshold", (int) Math.round(layer.p() * 0x1p32))
        .set("scale", (float) (1 / (1 - layer.p())))
        .set("seed", 0L)
        .set("epoch", 0);
  }

  private static void bind(Kernel kernel, View x, View y) {
    x.bind(kernel, "x");
    y.bind(kernel, "y");
    Chw shape = x.shape();
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
  }
}
