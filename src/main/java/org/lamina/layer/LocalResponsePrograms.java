package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
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

  /** The widest window, and the largest step, of a pooling that runs with it. */
  static final int WIDEST = 4;

  /** Rows of pooled output that are worth a work-item: the windows of two share rows. */
  private static final int LEAST_ROWS = 3;

  private LocalResponsePrograms() {}

  static LayerProgram compile(LocalResponseNormalization layer, Site site) {
    Chw shape = site.signature().output();
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings -> {
          String name =
              site.fused().isPresent()
                  ? "local_response_max_pooling_forward"
                  : layer.region() == Region.ACROSS_CHANNELS
                      ? "local_response_across_channels_forward"
                      : "local_response_within_channel_forward";
          Kernel kernel = bindings.program(FILE, macros(layer)).kernel(name);
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          kernel.set("channels", shape.c());
          kernel.set("k", (float) layer.k()).set("beta", (float) layer.beta());
          kernel.set("alpha", (float) (layer.alpha() / divisor(layer)));
          return List.of(launch(layer, site, bindings, kernel));
        });
  }

  private static Macros macros(LocalResponseNormalization layer) {
    boolean across = layer.region() == Region.ACROSS_CHANNELS;
    return Macros.none()
        .define("RADIUS", across ? layer.size() / 2 : 0)
        .define("THREE_QUARTERS", layer.beta() == 0.75 && layer.k() >= SMALLEST ? 1 : 0);
  }

  private static Launch launch(
      LocalResponseNormalization layer, Site site, Bindings bindings, Kernel kernel) {
    boolean across = layer.region() == Region.ACROSS_CHANNELS;
    int blocks = bindings.output().blocks();
    int planes = across && site.family().isCpu() ? (blocks + PART - 1) / PART : blocks;
    Chw x = site.signature().output();
    Chw y = bindings.output().shape();
    if (site.fused().isPresent()) {
      Pooling.bindWindows(kernel, x, y, (MaxPooling) site.fused().get());
      return new Launch(kernel, n -> Ranges.bands(bindings, y.h(), LEAST_ROWS, n * planes));
    }
    kernel.set("height", x.h()).set("width", x.w());
    if (!across) {
      kernel.set("radius", layer.size() / 2);
    }
    return new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * planes));
  }

  static double divisor(LocalResponseNormalization layer) {
    if (!layer.average()) {
      return 1;
    }
    double size = layer.size();
    return layer.region() == Region.ACROSS_CHANNELS ? size : size * size;
  }
}
