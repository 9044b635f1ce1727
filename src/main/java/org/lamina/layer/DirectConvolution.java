package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/**
 * The convolutions of {@code opencl/convolution_direct.cl} and {@code convolution_flat.cl}: a
 * register tile per CPU work-item.
 *
 * <p>An image of fewer channels than a vector has lanes (the first layer's three) is read planar;
 * everything else in blocks. Needs one group, or groups that begin at a block of channels.
 */
final class DirectConvolution {

  // Weights that a work-item of the flat kernel goes through: with what else it needs they stay in
  // a second-level cache.
  private static final int SPAN_FLOATS = (192 << 10) / Float.BYTES;

  // Rows of a window over a planar image that are unrolled: the loops of larger ones matter less.
  private static final int WIDEST_UNROLLED = 7;

  // Work-items that keep all cores busy to the end.
  private static final long FEWEST_ITEMS = 256;

  private final Convolution layer;
  private final Site site;
  private final Chw x;
  private final Chw y;
  private final int vector;
  private final int inputVector;
  private final RegisterTile tile;
  private final int groupIn;
  private final int groupOut;
  private final int inBlocks;
  private final int outBlocks;
  private final int tiles;
  private final boolean flat;
  private final Precision precision;

  private DirectConvolution(Convolution layer, Site site, boolean flat) {
    this.flat = flat;
    precision = ConvolutionPrograms.precision(site);
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
    y = site.signature().output();
    vector = site.vector();
    inputVector = x.c() < vector ? 1 : vector;
    tile =
        flat
            ? RegisterTile.forRun((long) site.batch() * y.h() * y.w(), vector)
            : RegisterTile.forRow(y.w(), vector);
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    inBlocks = Layout.of(inputVector).blocks(groupIn);
    outBlocks = Layout.of(vector).blocks(groupOut);
    tiles = (outBlocks + tile.blocks() - 1) / tile.blocks();
  }

  /**
   * On CPUs, for one group or groups that begin at a block of channels.
   *
   * @param flat whether register tiles run through all pixels of a batch, or end with each row
   */
  record Algorithm(boolean flat) implements ConvolutionAlgorithm {
    @Override
    public String name() {
      return flat ? "direct_flat" : "direct";
    }

    @Override
    public boolean applies(Convolution layer, Site site) {
      int in = site.signature().input().c() / layer.groups();
      int out = layer.filters() / layer.groups();
      boolean aligned = in % site.vector() == 0 && out % site.vector() == 0;
      return site.family().isCpu() && (layer.groups() == 1 || aligned);
    }

    @Override
    public double cost(Convolution layer, Site site) {
      return new DirectConvolution(layer, site, flat).cost();
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return new DirectConvolution(layer, site, flat).program();
    }
  }

  /** Returns the estimate of {@link ConvolutionAlgorithm#cost}. */
  private double cost() {
    double rows = flat ? 1 : (double) site.batch() * y.h();
    double row = flat ? (double) site.batch() * y.h() * y.w() : y.w();
    double pixels = rows * Math.ceil(row / tile.pixels()) * tile.pixels();
    double taps = (double) layer.kernel().h() * layer.kernel().w() * inBlocks * inputVector;
    double products = pixels * taps * layer.groups() * tiles * tile.blocks();
    // Measured: the flat kernel's loop suits blocks of channels, the other one single ones.
    double efficiency = flat == (inputVector > 1) ? 0.9 : 0.82;
    return products / efficiency
        + ConvolutionPrograms.stream(StoredWeights.floats(weights(), precision))
        + ConvolutionPrograms.LAUNCH;
  }

  private LayerProgram program() {
    return new LayerProgram(
        ConvolutionPrograms.inputs(
            new Layout(inputVector, ConvolutionPrograms.halo(layer, x, y)), site),
        vector,
        Aliasing.NONE,
        List.of(
            new PackedBuffer(
                "weight",
                StoredWeights.floats(weights(), precision),
                (p, out) -> pack(p.get(0).values(), out),
                devicePacker()),
            ConvolutionPrograms.bias(layer, tiles * filtersPerTile())),
        0,
        this::bind);
  }

  private List<Launch> bind(LayerProgram.Bindings bindings) {
    Macros macros =
        ConvolutionPrograms.macros(site)
            .define("INPUT_VECTOR", inputVector)
            .define("TILE", tile.pixels())
            .define("BLOCKS", tile.blocks())
            .define("PRECISION", precision.ordinal());
    Kernel kernel =
        flat
            ? bindings.program("convolution_flat.cl", macros).kernel("convolution_forward_flat")
            : bindings
                .program("convolution_direct.cl", rowMacros(macros))
                .kernel("convolution_forward_direct");
    bindings.input().bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    ConvolutionPrograms.bindWindow(kernel, layer);
    ConvolutionPrograms.bindSummand(kernel, bindings, site);
    Activations.code(site.fused()).bind(kernel);
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("bias", bindings.parameters().get(1))
        .set("in_blocks", inBlocks)
        .set("out_blocks", outBlocks)
        .set("tiles", tiles)
        .set("out_width", y.w());
    return List.of(flat ? flatLaunch(kernel) : rowLaunch(kernel));
  }

  private Macros rowMacros(Macros macros) {
    Macros strided = macros.define("STRIDE_W", layer.stride().w());
    boolean unrolled = inputVector == 1 && layer.kernel().w() <= WIDEST_UNROLLED;
    return unrolled ? strided.define("KERNEL_WIDTH", layer.kernel().w()) : strided;
  }

  private Launch rowLaunch(Kernel kernel) {
    int rowTiles = (y.w() + tile.pixels() - 1) / tile.pixels();
    // Whole rows, unless that leaves too few work-items for the cores.
    long rows = (long) site.batch() * y.h() * layer.groups() * tiles;
    int pieces = (int) Math.max(1, Math.min(rowTiles, FEWEST_ITEMS / rows));
    int span = (rowTiles + pieces - 1) / pieces;
    kernel.set("row_tiles", rowTiles).set("span", span);
    long columns = (rowTiles + span - 1) / span;
    return new Launch(
        kernel, n -> Range.cover(y.h() * columns, layer.groups() * tiles, n, 1, 1, 1));
  }

  private Launch flatLaunch(Kernel kernel) {
    int area = y.h() * y.w();
    long slab = weights() / layer.groups() / tiles;
    int span = (int) Math.max(1, Math.min(tiles, SPAN_FLOATS / slab));
    kernel.set("stride_w", layer.stride().w()).set("out_height", y.h()).set("span", span);
    int steps = (tiles + span - 1) / span;
    return new Launch(
        kernel,
        n ->
            Range.cover(
                ((long) n * area + tile.pixels() - 1) / tile.pixels(),
                (long) layer.groups() * steps,
                1,
                1,
                1,
                1));
  }

  private int filtersPerTile() {
    return tile.blocks() * vector;
  }

  private long weights() {
    return (long) layer.groups()
        * tiles
        * inBlocks
        * layer.kernel().h()
        * layer.kernel().w()
        * inputVector
        * filtersPerTile();
  }

  /** Turns [OUT_C, IC, KH, KW] into [groups, tiles, in_blocks, KH, KW, lanes, filters]. */
  private void pack(float[] weights, FloatBuffer out) {
    int taps = layer.kernel().h() * layer.kernel().w();
    int filters = filtersPerTile();
    StoredWeights.pack(
        precision,
        layer.groups() * tiles,
        inBlocks * taps * inputVector * filters,
        (slab, values) -> {
          int first = slab % tiles * filters;
          for (int i = 0; i < Math.min(filters, groupOut - first); i++) {
            int from = (slab / tiles * groupOut + first + i) * groupIn * taps;
            for (int ic = 0; ic < groupIn; ic++) {
              int to = (ic / inputVector * taps * inputVector + ic % inputVector) * filters + i;
              for (int tap = 0; tap < taps; tap++) {
                values[to + tap * inputVector * filters] = weights[from + ic * taps + tap];
              }
            }
          }
        },
        out);
  }

  /** Returns what packs floats on the device: it knows no other precision. */
  private Optional<PackedBuffer.DevicePacker> devicePacker() {
    return precision == Precision.SINGLE
        ? repacking().buffer("weight").devicePacker()
        : Optional.empty();
  }

  /** Turns [OUT_C, IC, KH, KW] into [groups, tiles, in_blocks, KH*KW, lanes, filters]. */
  private Repacking repacking() {
    int taps = layer.kernel().h() * layer.kernel().w();
    int filter = groupIn * taps;
    int run = filtersPerTile();
    return new Repacking(
        0,
        List.of(
            new Repacking.Digit(layer.groups(), 0, 0, groupOut * filter),
            new Repacking.Digit(tiles, run, 0, run * filter),
            new Repacking.Digit(inBlocks, 0, inputVector, inputVector * taps),
            new Repacking.Digit(taps, 0, 0, 1),
            new Repacking.Digit(inputVector, 0, 1, taps),
            new Repacking.Digit(run, 1, 0, filter)),
        groupOut,
        groupIn,
        0);
  }
}
