package org.lamina.layer;

import java.util.List;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.tensor.Chw;

/** The way back through {@link LocalResponseNormalization}. */
final class LocalResponseGradient {

  private LocalResponseGradient() {}

  static GradientProgram compile(LocalResponseNormalization layer, GradientSite site) {
    Layout layout = Layout.of(site.vector());
    return GradientProgram.ofGradient(
            site, Aliasing.NONE, bindings -> launches(layer, bindings, layout))
        .readingInputs()
        .withScratch(layout.volume(site.signature().output(), site.batch()));
  }

  private static List<Launch> launches(
      LocalResponseNormalization layer, Bindings bindings, Layout layout) {
    boolean across = layer.region() == Region.ACROSS_CHANNELS;
    Macros macros =
        Macros.none()
            .define("RADIUS", across ? layer.size() / 2 : 0)
            .define("THREE_QUARTERS", layer.beta() == 0.75 ? 1 : 0);
    Program program = bindings.program("local_response_gradient.cl", macros);
    Chw shape = bindings.gradient().shape();
    View t = View.of(bindings.scratch().buffer(), bindings.scratch().offset(), shape, layout);
    Kernel direct = program.kernel("local_response_direct");
    bindings.gradient().bind(direct, "dy");
    direct.set("k", (float) layer.k());
    Kernel indirect = program.kernel("local_response_indirect");
    return List.of(launch(direct, layer, bindings, t), launch(indirect, layer, bindings, t));
  }

  private static Launch launch(
      Kernel kernel, LocalResponseNormalization layer, Bindings bindings, View t) {
    Chw shape = t.shape();
    bindings.input().bind(kernel, "x");
    bindings.inputGradient().bind(kernel, "dx");
    t.bind(kernel, "t");
    kernel
        .set("is_across", layer.region() == Region.ACROSS_CHANNELS ? 1 : 0)
        .set("channels", shape.c())
        .set("height", shape.h())
        .set("width", shape.w())
        .set("alpha", (float) (layer.alpha() / LocalResponsePrograms.divisor(layer)))
        .set("beta", (float) layer.beta())
        .set("radius", layer.size() / 2);
    return new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * t.blocks()));
  }
}
