package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The convolution of {@code opencl/convolution_winograd_gpu.cl}, for windows without a stride. */
final class WinogradGpuConvolution {

  // What the transformed inputs and the sums of one pass may take. With twice as much the plan of
  // AlexNet for 64 images needs 1.19 times the memory of its largest tensors.
  private static final long PASS_FLOATS = (64L << 20) / Float.BYTES;
  private static final int ITEMS = 64;

  private final Convolution layer;
  private final Site site;
  private final WinogradGeometry geometry;
  private final GemmTile tile;
  private final Chw x;
  private final Chw y;
  private final int groupIn;
  private final int groupOut;
  private final int parts;
  private final int width;

  private WinogradGpuConvolution(Convolution layer, Site site, int alpha) {
    this.layer = layer;
    this.site = site;
    geometry = WinogradGeometry.of(layer, site.signature(), alpha);
    tile = GemmTile.MEDIUM;
    x = site.signature().input();
    y = site.signature().output();
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    parts = GemmTile.cover(groupOut, tile.m());
    long most = Math.max(1, PASS_FLOATS / (perTile() * tile.n())) * tile.n();
    width = (int) Math.min(most, (long) GemmTile.cover(tiles(), tile.n()) * tile.n());
  }

  private long tiles() {
    return (long) site.batch() * geometry.tiles();
  }

  /** Returns the floats that a tile has in v and m. */
  private long perTile() {
    return (long) geometry.points() * (x.c() + layer.filters());
  }

  /**
   * On GPUs, for inference, without stride or dilation: windows of three to five taps for tiles of
   * 6 × 6, of three for tiles of 4 × 4.
   *
   * @param alpha the side of a tile of inputs
   */
  record Algorithm(int alpha) implements ConvolutionAlgorithm {
    @Override
    public String name() {
      return "winograd_%dx%d".formatted(alpha, alpha);
    }

    @Override
    public boolean applies(Convolution layer, Site site) {
      return WinogradGeometry.of(layer, site.signature(), alpha).fitsGpu(layer, site);
    }

    @Override
    public double cost(Convolution layer, Site site) {
      return new WinogradGpuConvolution(layer, site, alpha).cost();
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return new WinogradGpuConvolution(layer, site, alpha).program();
    }
  }

  private double cost() {
    double columns = Math.ceil((double) tiles() / tile.n());
    double all = columns * parts * layer.groups() * geometry.points();
    // v and m are written and read again.
    double traffic = 2.0 * perTile() * columns * tile.n() + packing().floats();
    return tile.cost(all, groupIn, GemmTile.units(site))
        + traffic * GemmTile.FLOAT
        + 3 * passes() * GemmTile.LAUNCH;
  }

  private WinogradPacking packing() {
    return new WinogradPacking(layer, geometry, groupIn, 1, tile.m(), 1, false);
  }

  private int passes() {
    return GemmTile.cover(tiles(), width);
  }

  private LayerProgram program() {
    return new LayerProgram(
        ConvolutionPrograms.inputs(new Layout(1, halo()), site),
        1,
        Aliasing.NONE,
        List.of(
            packing().buffer(),
            ConvolutionPrograms.bias(layer.bias(), layer.filters(), layer.filters())),
        perTile() * width,
        this::bind);
  }

  private Padding halo() {
    Padding pad = layer.pad();
    return new Padding(
        pad.top(),
        pad.left(),
        Math.max(0, geometry.height() - pad.top() - x.h()),
        Math.max(0, geometry.width() - pad.left() - x.w()));
  }

  private List<Launch> bind(Bindings bindings) {
    Program program =
        bindings.program(
            "convolution_winograd_gpu.cl",
            tile.macros(ConvolutionPrograms.macros(site))
                .define("ALPHA", geometry.alpha())
                .define("OUT", geometry.out()));
    List<Launch> launches = new ArrayList<>();
    for (int pass = 0; pass < passes(); pass++) {
      int first = pass * width;
      launches.add(input(bindings, program.kernel("winograd_gpu_input"), first));
      launches.add(multiply(bindings, program.kernel("winograd_gpu_products"), first));
      launches.add(output(bindings, program.kernel("winograd_gpu_output"), first));
    }
    return launches;
  }

  /** Returns the tiles of a pass, in whole tiles of the product; some if there are none. */
  private int there(int images, int first) {
    long left = Math.max(1, Math.min(width, (long) images * geometry.tiles() - first));
    return GemmTile.cover(left, tile.n()) * tile.n();
  }

  private Launch input(Bindings bindings, Kernel kernel, int first) {
    bindings.input().bind(kernel, "x");
    kernel
        .set("v", bindings.scratch())
        .set("v_offset", bindings.scratchOffset())
        .set("channels", x.c())
        .set("width", width)
        .set("tiles_h", geometry.tilesH())
        .set("tiles_w", geometry.tilesW())
        .set("pad_h", layer.pad().top())
        .set("pad_w", layer.pad().left())
        .set("first", first);
    return new Launch(kernel, n -> Range.cover(there(n, first), x.c(), 1, ITEMS, 1, 1));
  }

  private Launch multiply(Bindings bindings, Kernel kernel, int first) {
    kernel
        .set("v", bindings.scratch())
        .set("v_offset", bindings.scratchOffset())
        .set("weights", bindings.parameters().get(0))
        .set("m", bindings.scratch())
        .set("m_offset", sums(bindings))
        .set("groups", layer.groups())
        .set("group_in", groupIn)
        .set("group_out", groupOut)
        .set("parts", parts)
        .set("width", width);
    long group = tile.group();
    long products = (long) layer.groups() * geometry.points();
    return new Launch(
        kernel,
        n -> Range.cover(group * (there(n, first) / tile.n()), parts, products, group, 1, 1));
  }

  private Launch output(Bindings bindings, Kernel kernel, int first) {
    bindings.output().bind(kernel, "y");
    ConvolutionPrograms.bindSummand(kernel, bindings, site);
    Activations.code(site.fused()).bind(kernel);
    kernel
        .set("m", bindings.scratch())
        .set("m_offset", sums(bindings))
        .set("bias", bindings.parameters().get(1))
        .set("filters", layer.filters())
        .set("width", width)
        .set("tiles_h", geometry.tilesH())
        .set("tiles_w", geometry.tilesW())
        .set("out_height", y.h())
        .set("out_width", y.w())
        .set("first", first);
    return new Launch(kernel, n -> Range.cover(there(n, first), layer.filters(), 1, ITEMS, 1, 1));
  }

  private long sums(Bindings bindings) {
    return bindings.scratchOffset() + (long) geometry.points() * x.c() * width;
  }
}
