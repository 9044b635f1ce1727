package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The program of {@link LocallyConnected}: {@code opencl/locally_connected.cl}. */
final class LocallyConnectedPrograms {

  private LocallyConnectedPrograms() {}

  static LayerProgram compile(LocallyConnected layer, Site site) {
    Chw y = site.signature().output();
    int vector = site.vector();
    int blocks = Layout.of(vector).blocks(y.c());
    int taps = taps(layer, site.signature());
    boolean cpu = site.family().isCpu();
    return new LayerProgram(
        List.of(Layout.of(vector)),
        vector,
        Aliasing.NONE,
        List.of(
            new PackedBuffer(
                "weight",
                (long) blocks * y.h() * y.w() * taps * vector,
                (parameters, out) -> pack(parameters.get(0).values(), y, taps, vector, cpu, out)),
            new PackedBuffer(
                "bias",
                (long) blocks * y.h() * y.w() * vector,
                (parameters, out) ->
                    pack(
                        layer.bias() ? parameters.get(1).values() : new float[(int) y.volume()],
                        y,
                        1,
                        vector,
                        cpu,
                        out))),
        0,
        bindings -> List.of(bind(layer, site, bindings)));
  }

  private static Launch bind(LocallyConnected layer, Site site, Bindings bindings) {
    Chw x = site.signature().input();
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
        .set("filters", layer.filters())
        .set("group_in", x.c() / layer.groups())
        .set("group_out", layer.filters() / layer.groups())
        .set("in_height", x.h())
        .set("in_width", x.w())
        .set("out_height", y.h())
        .set("out_width", y.w())
        .set("kernel_height", layer.kernel().h())
        .set("kernel_width", layer.kernel().w())
        .set("stride_h", layer.stride().h())
        .set("stride_w", layer.stride().w())
        .set("pad_h", layer.pad().top())
        .set("pad_w", layer.pad().left());
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
  private static void pack(
      float[] values, Chw y, int taps, int vector, boolean cpu, FloatBuffer out) {
    int positions = y.h() * y.w();
    if (!cpu) {
      for (int row = 0; row < y.c() * y.h(); row++) {
        for (int tap = 0; tap < taps; tap++) {
          for (int ow = 0; ow < y.w(); ow++) {
            out.put(values[(row * y.w() + ow) * taps + tap]);
          }
        }
      }
      return;
    }
    for (int first = 0; first < y.c(); first += vector) {
      for (int i = 0; i < positions * taps; i++) {
        for (int o = first; o < first + vector; o++) {
          out.put(o < y.c() ? values[o * positions * taps + i] : 0);
        }
      }
    }
  }
}
