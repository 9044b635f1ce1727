package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.layer.Repacking.Digit;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.tensor.Chw;

/** The programs of {@link TransposedConvolution}: {@code opencl/transposed_convolution.cl}. */
final class TransposedConvolutionPrograms {

  // Sums in registers, beside a weight and a value: fits AVX2's 16 and wastes little on short rows.
  private static final int CPU_TILE = 6;

  private final TransposedConvolution layer;
  private final Site site;
  private final Chw x;
  private final Chw y;
  private final int vector;
  private final int groupIn;
  private final int groupOut;
  private final int blocks;

  private TransposedConvolutionPrograms(TransposedConvolution layer, Site site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
    y = site.signature().output();
    vector = site.vector();
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    blocks = Layout.of(vector).blocks(y.c());
  }

  static LayerProgram compile(TransposedConvolution layer, Site site) {
    return new TransposedConvolutionPrograms(layer, site).program();
  }

  private LayerProgram program() {
    return new LayerProgram(
        List.of(Layout.of(vector)),
        vector,
        Aliasing.NONE,
        List.of(weight(), ConvolutionPrograms.bias(layer.bias(), layer.filters(), blocks * vector)),
        0,
        bindings -> List.of(bind(bindings)));
  }

  private Launch bind(Bindings bindings) {
    // Where a block has filters of several groups, each lane reads channels of its own.
    boolean together = layer.groups() == 1 || groupOut % vector == 0;
    int tile = together && site.family().isCpu() ? CPU_TILE : 1;
    Kernel kernel =
        bindings
            .program("transposed_convolution.cl", Macros.none().define("TILE", tile))
            .kernel(
                together
                    ? "transposed_convolution_forward"
                    : "transposed_convolution_forward_lanes");
    bindings.input().bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    Activations.code(site.fused()).bind(kernel);
    int phase = (y.w() + layer.stride().w() - 1) / layer.stride().w();
    int tiles = layer.stride().w() * ((phase + tile - 1) / tile);
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("bias", bindings.parameters().get(1))
        .set("blocks", blocks)
        .set("tiles", tiles)
        .set("filters", layer.filters());
    WindowArguments.of(layer, site.signature(), false).bind(kernel);
    return new Launch(kernel, n -> Ranges.planes(bindings, y.h(), tiles, n * blocks));
  }

  /**
   * Returns the weights as {@link #pack} packs them; the device can do it where no block has
   * filters of several groups.
   */
  private PackedBuffer weight() {
    int taps = layer.kernel().h() * layer.kernel().w();
    if (layer.groups() > 1 && groupOut % vector != 0) {
      long floats = (long) blocks * vector * taps * groupIn;
      return new PackedBuffer("weight", floats, (p, out) -> pack(p.get(0).values(), out));
    }
    int groupBlocks = Layout.of(vector).blocks(groupOut);
    return new Repacking(
            0,
            List.of(
                new Digit(layer.groups(), 0, 0, groupIn * groupOut * taps),
                new Digit(groupBlocks, vector, 0, vector * taps),
                new Digit(taps, 0, 0, 1),
                new Digit(groupIn, 0, 0, groupOut * taps),
                new Digit(vector, 1, 0, taps)),
            groupOut,
            1,
            0)
        .buffer("weight");
  }

  /** Turns [C, filters/groups, KH, KW] into [blocks, KH, KW, C/groups, vector]. */
  private void pack(float[] weights, FloatBuffer out) {
    int taps = layer.kernel().h() * layer.kernel().w();
    for (int first = 0; first < blocks * vector; first += vector) {
      for (int tap = 0; tap < taps; tap++) {
        for (int i = 0; i < groupIn; i++) {
          for (int o = first; o < first + vector; o++) {
            int channel = o / groupOut * groupIn + i;
            out.put(o < y.c() ? weights[(channel * groupOut + o % groupOut) * taps + tap] : 0);
          }
        }
      }
    }
  }
}
