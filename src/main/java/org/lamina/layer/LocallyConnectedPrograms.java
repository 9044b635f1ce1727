package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.layer.Repacking.Digit;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The program of {@link LocallyConnected}: {@code opencl/locally_connected.cl}. */
final class LocallyConnectedPrograms {

  private LocallyConnectedPrograms() {}

  static LayerProgram compile(LocallyConnected layer, Site site) {
    Chw y = site.signature().output();
    int vector = site.vector();
    int taps = taps(layer, site.signature());
    return new LayerProgram(
        List.of(Layout.of(vector)),
        vector,
        Aliasing.NONE,
        List.of(
            packed(0, site, taps, y.c()).buffer("weight"),
            packed(layer.bias() ? 1 : 0, site, 1, layer.bias() ? y.c() : 0).buffer("bias")),
        0,
        bindings -> List.of(bind(layer, site, bindings)));
  }

  private static Launch bind(LocallyConnected layer, Site site, Bindings bindings) {
    Chw y = site.signature().output();
    int vector = site.vector();
    int taps = taps(layer, site.signature());
    boolean cpu = site.family().isCpu();
    Kernel kernel = bindings.program("locally_connected.cl").kernel("locally_connected_forward");
    bindings.input().bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    Activations.code(site.fused()).bind(kernel);
    int blocks = bindings.output().blocks();
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("bias", bindings.parameters().get(1))
        .set("tap_pitch", cpu ? vector : y.w())
        .set("position_pitch", cpu ? taps * vector : 1)
        .set("blocks", blocks)
        .set("filters", layer.filters());
    WindowArguments.of(layer, site.signature()).bind(kernel);
    return new Launch(kernel, n -> Ranges.planes(bindings, y.h(), y.w(), n * blocks));
  }

  /** Returns the weights of one output value. */
  private static int taps(LocallyConnected layer, Signature signature) {
    return Math.toIntExact(signature.parameters().get(0).fanIn());
  }

  /**
   * Turns [filters, OH, OW, taps] into [blocks, OH, OW, taps, vector] for CPUs, where a work-item
   * walks over the taps of one position, and into [filters, OH, taps, OW] for GPUs, where
   * neighbouring work-items stand at neighbouring positions.
   */
  private static Repacking packed(int parameter, Site site, int taps, int filters) {
    Chw y = site.signature().output();
    int vector = site.vector();
    int row = y.w() * taps;
    if (!site.family().isCpu()) {
      return new Repacking(
          parameter,
          List.of(
              new Digit(y.c(), 1, 0, y.h() * row),
              new Digit(y.h(), 0, 0, row),
              new Digit(taps, 0, 0, 1),
              new Digit(y.w(), 0, 0, taps)),
          filters,
          1,
          0);
    }
    int all = y.h() * row;
    return new Repacking(
        parameter,
        List.of(
            new Digit(Layout.of(vector).blocks(y.c()), vector, 0, vector * all),
            new Digit(all, 0, 0, 1),
            new Digit(vector, 1, 0, all)),
        filters,
        1,
        0);
  }
}
