package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** The convolution of {@code opencl/convolution_winograd.cl}: fewer products between transforms. */
final class WinogradConvolution {

  // What the transformed tiles of one pass may take: with as much of other data they stay in a
  // third-level cache.
  private static final long PASS_FLOATS = (4L << 20) / Float.BYTES;
  // Weights are read from the third-level cache once for so many tiles; more gain nothing.
  private static final int MOST_TILES = 48;
  // What the sums of a work-item may take of a second-level cache, and of a thread's stack.
  private static final int SUM_FLOATS = (128 << 10) / Float.BYTES;
  // How often the work-item reads its tiles again, from the second-level cache.
  private static final int PARTS = 2;

  private final Convolution layer;
  private final Site site;
  private final WinogradGeometry geometry;
  private final Chw x;
  private final Chw y;
  private final int vector;
  private final RegisterTile tile;
  private final int tiles;
  private final int inBlocks;
  private final int outBlocks;
  private final int parts;
  private final int partsOfItem;
  private final WinogradInput input;
  private final int blocksOfPass;

  private WinogradConvolution(Convolution layer, Site site, int alpha) {
    this.layer = layer;
    this.site = site;
    geometry = WinogradGeometry.of(layer, site.signature(), alpha);
    x = site.signature().input();
    y = site.signature().output();
    vector = site.vector();
    inBlocks = Layout.of(vector).blocks(geometry.depth());
    outBlocks = Layout.of(vector).blocks(layer.filters() / layer.groups());
    long all = (long) site.batch() * geometry.tiles();
    tile = RegisterTile.forFew(all, outBlocks, vector);
    parts = (outBlocks + tile.blocks() - 1) / tile.blocks();
    partsOfItem = Math.min(PARTS, parts);
    int most = SUM_FLOATS / (partsOfItem * filters() * geometry.points());
    tiles = tile.runs(all, Math.min(most, MOST_TILES));
    input = new WinogradInput(layer, geometry, x, vector, tiles, tile.pixels());
    long blocks = (all + tiles - 1) / tiles;
    blocksOfPass = (int) Math.max(1, Math.min(blocks, PASS_FLOATS / input.chunkFloats()));
  }

  /** For tiles of 4 × 4 or 6 × 6 inputs; see {@link WinogradGeometry#fits}. */
  record Algorithm(int alpha) implements ConvolutionAlgorithm {
    @Override
    public String name() {
      return "winograd_%dx%d".formatted(alpha, alpha);
    }

    @Override
    public boolean applies(Convolution layer, Site site) {
      return WinogradGeometry.of(layer, site.signature(), alpha).fits(layer, site);
    }

    @Override
    public double cost(Convolution layer, Site site) {
      return new WinogradConvolution(layer, site, alpha).cost();
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return new WinogradConvolution(layer, site, alpha).program();
    }
  }

  /**
   * Returns the estimate of {@link ConvolutionAlgorithm#cost}: products at nine tenths of the peak,
   * transforms of inputs and outputs as they were measured, and the stream of the weights.
   */
  private double cost() {
    double all = (double) site.batch() * geometry.tiles();
    double run = Math.ceil(all / tile.pixels()) * tile.pixels();
    double filters = (double) layer.groups() * parts * tile.blocks();
    double products = run * geometry.points() * geometry.depth() * filters;
    double transforms =
        all * geometry.points() * (18.0 * layer.groups() * inBlocks + 12.0 * filters);
    double gathering = input.depths(site.batch()) / (double) vector * 40;
    return products / 0.9
        + transforms
        + gathering
        + ConvolutionPrograms.stream(packing(false).floats())
        + launches() * ConvolutionPrograms.LAUNCH;
  }

  private double launches() {
    return 2 * Math.ceil((double) blocks(site.batch()) / blocksOfPass);
  }

  private int filters() {
    return tile.blocks() * vector;
  }

  /**
   * Returns the program of a layer whose weights are those of another one turned round, outputs and
   * inputs exchanged: the way back of that one.
   */
  static LayerProgram turned(Convolution layer, Site site, int alpha) {
    WinogradConvolution made = new WinogradConvolution(layer, site, alpha);
    LayerProgram program = made.program();
    return new LayerProgram(
        program.inputs(),
        program.outputVector(),
        program.aliasing(),
        List.of(made.packing(true).buffer(), program.parameters().get(1)),
        program.scratch(),
        program.binder());
  }

  private WinogradPacking packing(boolean turned) {
    return new WinogradPacking(
        layer, geometry, x.c() / layer.groups(), vector, filters(), partsOfItem, turned);
  }

  private LayerProgram program() {
    return new LayerProgram(
        ConvolutionPrograms.inputs(input.layout(), site),
        vector,
        Aliasing.NONE,
        List.of(packing(false).buffer(), ConvolutionPrograms.bias(layer, parts * filters())),
        transformed() + input.depths(site.batch()),
        this::bind);
  }

  /** Returns the floats of the transformed tiles of a pass. */
  private long transformed() {
    return blocksOfPass * input.chunkFloats();
  }

  private Program program(Session session) {
    Macros macros =
        ConvolutionPrograms.macros(site)
            .define("ALPHA", geometry.alpha())
            .define("OUT", geometry.out())
            .define("TILE", tile.pixels())
            .define("BLOCKS", tile.blocks())
            .define("SUMS", SUM_FLOATS / (geometry.points() * vector))
            .define("VECTOR", vector);
    return session.program("convolution_winograd.cl", macros);
  }

  private List<Launch> bind(Bindings bindings) {
    Program program = program(bindings.session());
    List<Launch> launches = new ArrayList<>();
    View from = bindings.input();
    if (geometry.step() > 1) {
      from = input.depthView(bindings.scratch(), bindings.scratchOffset() + transformed());
      launches.add(input.toDepth(bindings.session(), bindings.input(), from));
    }
    Floats v = new Floats(bindings.scratch(), bindings.scratchOffset());
    long blocks = blocks(site.batch());
    for (int first = 0; first < blocks; first += blocksOfPass) {
      int start = first;
      launches.add(input.transform(bindings.session(), from, v, start, n -> blocks(n, start)));
      launches.add(multiply(bindings, program.kernel("winograd_products"), first));
    }
    return launches;
  }

  private int blocks(int images) {
    return (images * geometry.tiles() + tiles - 1) / tiles;
  }

  /** Returns how many blocks of tiles a pass has; one that does nothing if it has none. */
  private int blocks(int images, int first) {
    return Math.max(1, Math.min(blocksOfPass, blocks(images) - first));
  }

  private Launch multiply(Bindings bindings, Kernel kernel, int first) {
    bindings.output().bind(kernel, "y");
    ConvolutionPrograms.bindSummand(kernel, bindings, site);
    Activations.code(site.fused()).bind(kernel);
    kernel
        .set("v", bindings.scratch())
        .set("v_offset", bindings.scratchOffset())
        .set("weights", bindings.parameters().get(0))
        .set("bias", bindings.parameters().get(1))
        .set("groups", layer.groups())
        .set("depth", geometry.depth())
        .set("in_blocks", inBlocks)
        .set("out_blocks", outBlocks)
        .set("parts", parts)
        .set("span", partsOfItem)
        .set("width", tiles)
        .set("v_pitch", input.pitch())
        .set("tiles_h", geometry.tilesH())
        .set("tiles_w", geometry.tilesW())
        .set("out_height", y.h())
        .set("out_width", y.w())
        .set("first", first);
    int steps = layer.groups() * ((parts + partsOfItem - 1) / partsOfItem);
    return new Launch(kernel, n -> Range.cover(blocks(n, first), steps, 1, 1, 1, 1));
  }
}
