package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.tensor.Chw;

/** The programs of {@link LocalResponseNormalization}. */
final class LocalResponsePrograms {

  private static final String FILE = "local_response_normalization.cl";

  /** Blocks of channels that a work-item of the CPU family makes; BLOCKS in the file. */
  private static final int PART = 16;

  /** The smallest k for which the kernel need not take a logarithm, about 2^-100. */
  private static final double SMALLEST = 1e-30;

  private LocalResponsePrograms() {}

  static LayerProgram compile(LocalResponseNormalization layer, Site site) {
    Chw shape = site.signature().output();
    boolean across = layer.region() == Region.ACROSS_CHANNELS;
    Macros macros =
        Macros.none()
            .define("RADIUS", across ? layer.size() / 2 : 0)
            .define("THREE_QUARTERS", layer.beta() == 0.75 && layer.k() >= SMALLEST ? 1 : 0);
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings -> {
          Kernel kernel =
              bindings
                  .program(FILE, macros)
                  .kernel(
                      across
                          ? "local_response_across_channels_forward"
                          : "local_response_within_channel_forward");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
          kernel.set("k", (float) layer.k()).set("beta", (float) layer.beta());
          kernel.set("alpha", (float) (layer.alpha() / divisor(layer)));
          if (!across) {
            kernel.set("radius", layer.size() / 2);
          }
          int blocks = bindings.output().blocks();
          int planes = across && site.family().isCpu() ? (blocks + PART - 1) / PART : blocks;
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * planes)));
        });
  }

  static double divisor(LocalResponseNormalization layer) {
    if (!layer.average()) {
      return 1;
    }
    double size = layer.size();
    return layer.region() == Region.ACROSS_CHANNELS ? size : size * size;
  }
}
