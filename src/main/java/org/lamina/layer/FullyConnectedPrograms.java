package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/**
 * Chooses the kernels of a fully connected layer: the packed one of {@code
 * opencl/fully_connected.cl} on CPUs; on GPUs it is a convolution whose window is the whole image.
 */
final class FullyConnectedPrograms {

  private final FullyConnected layer;
  private final Site site;
  private final Chw x;
  private final int vector;
  private final RegisterTile tile;
  private final int tiles;

  private FullyConnectedPrograms(FullyConnected layer, Site site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
    vector = site.vector();
    tile = RegisterTile.forImages(site.batch(), vector);
    tiles = (layer.units() + units() - 1) / units();
  }

  static LayerProgram compile(FullyConnected layer, Site site) {
    if (!site.family().isCpu()) {
      return GemmConvolution.compile(asConvolution(layer, site.signature().input()), site);
    }
    return new FullyConnectedPrograms(layer, site).program();
  }

  /** Returns the convolution whose window is the whole image: the same sums. */
  static Convolution asConvolution(FullyConnected layer, Chw x) {
    return new Convolution(
        layer.units(),
        new Extent(x.h(), x.w()),
        Extent.of(1),
        Padding.NONE,
        Extent.of(1),
        1,
        layer.bias(),
        layer.init(),
        layer.biasInit());
  }

  private int units() {
    return tile.blocks() * vector;
  }

  private LayerProgram program() {
    Layout layout = Layout.of(vector);
    long weights = (long) tiles * units() * layout.image(x);
    return new LayerProgram(
        List.of(layout),
        vector,
        Aliasing.NONE,
        List.of(
            new PackedBuffer("weight", weights, this::pack),
            ConvolutionPrograms.bias(layer.bias(), tiles * units())),
        0,
        this::bind);
  }

  private List<Launch> bind(Bindings bindings) {
    Macros macros = Macros.none().define("IMAGES", tile.pixels()).define("BLOCKS", tile.blocks());
    Kernel kernel =
        bindings.program("fully_connected.cl", macros).kernel("fully_connected_forward");
    View input = bindings.input();
    input.bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    Activations.code(site.fused()).bind(kernel);
    // Rows, then planes, that touch are one run: without a halo all of an image is.
    boolean rowsTouch = input.row() == x.w() * vector;
    boolean planesTouch = rowsTouch && input.plane() == x.h() * input.row();
    int blocks = input.blocks();
    int run = x.w() * vector;
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("bias", bindings.parameters().get(1))
        .set("blocks", planesTouch ? 1 : blocks)
        .set("height", rowsTouch ? 1 : x.h())
        .set("run", planesTouch ? blocks * x.h() * run : rowsTouch ? x.h() * run : run)
        .set("out_blocks", bindings.output().blocks());
    int images = tile.pixels();
    return List.of(
        new Launch(kernel, n -> Range.cover((n + images - 1) / images, tiles, 1, 1, 1, 1)));
  }

  /** Turns [UNITS, C, H, W] into [tiles, CB, H, W, vector, units of a tile]. */
  private void pack(List<Tensor> parameters, FloatBuffer out) {
    float[] weights = parameters.get(0).values();
    int area = x.h() * x.w();
    int depth = x.c() * area;
    float[] run = new float[units()];
    for (int first = 0; first < tiles * units(); first += units()) {
      for (int block = 0; block < x.c(); block += vector) {
        for (int p = 0; p < area; p++) {
          for (int c = block; c < block + vector; c++) {
            for (int i = 0; i < run.length; i++) {
              boolean there = c < x.c() && first + i < layer.units();
              run[i] = there ? weights[(first + i) * depth + c * area + p] : 0;
            }
            out.put(run);
          }
        }
      }
    }
  }
}
