package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The matrix times vector of {@code opencl/fully_connected_gemv.cl}, for few images on GPUs. */
final class FullyConnectedGemv {

  static final String NAME = "gemv";

  private static final int GROUP = 128;
  private static final int ROWS = 4;
  private static final int LOAD = 4;
  // What an image's share of the weights takes from a cache, in products of a whole device.
  private static final double AGAIN = 10;

  private FullyConnectedGemv() {}

  /** Returns what it costs, in the unit of {@link GemmTile#cost}. */
  static double cost(FullyConnected layer, Site site) {
    double weights = (double) layer.units() * site.signature().input().volume();
    return weights * (GemmTile.FLOAT + AGAIN * (site.batch() - 1)) + GemmTile.LAUNCH;
  }

  static LayerProgram compile(FullyConnected layer, Site site) {
    Chw x = site.signature().input();
    int depth = Math.toIntExact(x.volume());
    int pitch = GemmTile.cover(depth, LOAD) * LOAD;
    Repacking weights =
        new Repacking(
            0,
            List.of(
                new Repacking.Digit(layer.units(), 1, 0, depth),
                new Repacking.Digit(pitch, 0, 1, 1)),
            layer.units(),
            depth,
            0);
    return new LayerProgram(
        List.of(Layout.of(1)),
        1,
        Aliasing.NONE,
        List.of(
            weights.buffer("weight"),
            ConvolutionPrograms.bias(layer.bias(), layer.units(), layer.units())),
        0,
        bindings -> List.of(bind(layer, site, pitch, bindings)));
  }

  private static Launch bind(FullyConnected layer, Site site, int pitch, Bindings bindings) {
    Chw x = site.signature().input();
    View input = bindings.input();
    boolean dense = input.row() == x.w() && input.plane() == x.h() * x.w();
    Kernel kernel = bindings.program("fully_connected_gemv.cl").kernel("fully_connected_gemv");
    input.bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    Activations.code(site.fused()).bind(kernel);
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("bias", bindings.parameters().get(1))
        .set("units", layer.units())
        .set("depth", Math.toIntExact(x.volume()))
        .set("pitch", pitch)
        .set("height", x.h())
        .set("width", x.w())
        .set("dense", dense ? 1 : 0);
    long groups = GemmTile.cover(layer.units(), ROWS);
    return new Launch(kernel, n -> Range.cover(GROUP, groups, n, GROUP, 1, 1));
  }
}
