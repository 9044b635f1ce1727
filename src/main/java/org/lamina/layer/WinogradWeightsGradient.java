package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The weights' gradient of {@code opencl/convolution_winograd_gradient.cl}, for CPUs. */
final class WinogradWeightsGradient implements WeightsGradient {

  private static final String FILE = "convolution_winograd_gradient.cl";
  private static final int ALPHA = 6;
  // Tiles of a chunk: what one column and one block of the narrow side have of them stays in a
  // first
  // cache while they pass.
  private static final int MOST_TILES = 120;
  // What the transformed tiles of one pass may take, for they should stay in a third-level cache;
  // but
  // the sums pass through memory with each.
  private static final long PASS_FLOATS = (8L << 20) / Float.BYTES;
  private static final int SUMS_OF_PASS = 2;
  // Enough work-items that a slow core does not keep the others waiting.
  private static final int ITEMS = 64;

  private final Convolution layer;
  private final int batch;
  private final int vector;
  private final WinogradGeometry geometry;
  private final WinogradInput input;
  private final Chw y;
  private final int outBlocks;
  private final boolean wideIsX;
  private final int blocks;
  private final int columns;
  private final int width;
  private final int chunks;
  private final int chunksOfPass;

  private WinogradWeightsGradient(Convolution layer, GradientSite site) {
    this.layer = layer;
    batch = site.batch();
    vector = site.vector();
    geometry = WinogradGeometry.of(layer, site.signature(), ALPHA);
    y = site.signature().output();
    int all = Math.multiplyExact(batch, geometry.tiles());
    width = Math.min(all, MOST_TILES);
    input = new WinogradInput(layer, geometry, site.signature().input(), vector, width, width);
    outBlocks = Layout.of(vector).blocks(layer.filters() / layer.groups());
    int inBlocks = input.groupBlocks();
    // Three blocks make the better tile; two where three would waste more.
    int byY = Math.min(waste(outBlocks, 3), waste(outBlocks, 2));
    int byX = Math.min(waste(inBlocks, 3), waste(inBlocks, 2));
    wideIsX = byX * outBlocks < byY * inBlocks;
    int wide = wideIsX ? inBlocks : outBlocks;
    blocks = waste(wide, 3) <= waste(wide, 2) ? 3 : 2;
    columns = (wide + blocks - 1) / blocks;
    chunks = (all + width - 1) / width;
    long floats = input.chunkFloats() + gradientFloats();
    long pass = Math.max(PASS_FLOATS, SUMS_OF_PASS * sumFloats());
    chunksOfPass = (int) Math.max(1, Math.min(chunks, pass / floats));
  }

  /** Returns what a side of so many blocks costs in tiles of 2 or 3, in tenths of a block. */
  private static int waste(int of, int tile) {
    return (of + tile - 1) / tile * tile * (tile == 3 ? 10 : 11);
  }

  /** Returns this way for a layer and a place where it applies. */
  static Optional<WeightsGradient> of(Convolution layer, GradientSite site) {
    Site forward = new Site(site.family(), site.signature(), site.batch(), Optional.empty());
    return WinogradGeometry.of(layer, site.signature(), ALPHA).fits(layer, forward)
        ? Optional.of(new WinogradWeightsGradient(layer, site))
        : Optional.empty();
  }

  /** Returns the floats of a transformed chunk of dy. */
  private long gradientFloats() {
    return (long) geometry.points() * gradientPitch();
  }

  private int gradientPitch() {
    return WinogradInput.pitch(layer.groups() * outBlocks * width * vector);
  }

  private long sumFloats() {
    int narrow = wideIsX ? outBlocks : input.groupBlocks();
    return (long) layer.groups() * geometry.points() * columns * blocks * vector * narrow * vector;
  }

  @Override
  public String name() {
    return "winograd_6x6";
  }

  @Override
  public Layout inputLayout() {
    return input.layout();
  }

  @Override
  public long scratch() {
    return sumFloats()
        + chunksOfPass * (input.chunkFloats() + gradientFloats())
        + input.depths(batch);
  }

  @Override
  public double cost() {
    double tiles = (double) batch * geometry.tiles();
    double passes = Math.ceil((double) chunks / chunksOfPass);
    double transforms =
        tiles * geometry.points() * (18.0 * input.blocks() + 18.0 * layer.groups() * outBlocks);
    return tiles * sumFloats() / vector / 0.85
        + transforms
        + input.depths(batch) / (double) vector * 40
        + ConvolutionPrograms.stream(sumFloats() * (1 + passes))
        + (3 * passes + 1) * ConvolutionPrograms.LAUNCH;
  }

  @Override
  public List<Launch> bind(Bindings bindings) {
    Floats sums = bindings.scratch();
    Floats v = after(sums, sumFloats());
    Floats u = after(v, chunksOfPass * input.chunkFloats());
    List<Launch> launches = new ArrayList<>();
    View x = bindings.input();
    if (geometry.step() > 1) {
      Floats depth = after(u, chunksOfPass * gradientFloats());
      x = input.depthView(depth.buffer(), depth.offset());
      launches.add(input.toDepth(bindings.session(), bindings.input(), x));
    }
    Program program = program(bindings);
    for (int first = 0; first < chunks; first += chunksOfPass) {
      int start = first;
      launches.add(input.transform(bindings.session(), x, v, start, n -> chunks(n, start)));
      launches.add(gradient(bindings, program, u, start));
      launches.add(products(program, v, u, sums, start));
    }
    launches.add(sum(bindings, program, sums));
    return launches;
  }

  private static Floats after(Floats place, long floats) {
    return new Floats(place.buffer(), place.offset() + floats);
  }

  /** Returns how many chunks a pass has for so many images; one that does nothing if none. */
  private int chunks(int images, int first) {
    int there = (images * geometry.tiles() + width - 1) / width;
    return Math.max(1, Math.min(chunksOfPass, there - first));
  }

  private Program program(Bindings bindings) {
    Macros macros =
        Macros.none()
            .define("TAPS", geometry.out())
            .define("OUT", geometry.taps())
            .define("SCALARS", vector == 16 ? 8 : 4)
            .define("BLOCKS", blocks);
    return bindings.program(FILE, macros);
  }

  private Launch gradient(Bindings bindings, Program program, Floats u, int first) {
    Kernel kernel = program.kernel("winograd_gradient");
    bindings.gradient().bind(kernel, "dy");
    u.bind(kernel, "u");
    int all = layer.groups() * outBlocks;
    kernel
        .set("width", width)
        .set("u_pitch", gradientPitch())
        .set("tiles_h", geometry.tilesH())
        .set("tiles_w", geometry.tilesW())
        .set("out_height", y.h())
        .set("out_width", y.w())
        .set("first", first);
    return new Launch(kernel, n -> Range.cover(all, chunks(n, first), 1, 1, 1, 1));
  }

  private Launch products(Program program, Floats v, Floats u, Floats sums, int first) {
    Kernel kernel = program.kernel("winograd_gradient_products");
    (wideIsX ? v : u).bind(kernel, "wide");
    (wideIsX ? u : v).bind(kernel, "narrow");
    sums.bind(kernel, "sums");
    int items = geometry.points() * layer.groups();
    int parts = Math.min(columns, (ITEMS + items - 1) / items);
    int each = (columns + parts - 1) / parts;
    kernel
        .set("tiles", geometry.tiles())
        .set("width", width)
        .set("wide_blocks", wideIsX ? input.groupBlocks() : outBlocks)
        .set("wide_pitch", wideIsX ? input.pitch() : gradientPitch())
        .set("narrow_blocks", wideIsX ? outBlocks : input.groupBlocks())
        .set("narrow_pitch", wideIsX ? gradientPitch() : input.pitch())
        .set("columns", columns)
        .set("columns_each", each)
        .set("first", first)
        .set("chunks", chunksOfPass);
    int inParts = (columns + each - 1) / each;
    return new Launch(
        kernel, n -> Range.cover(geometry.points(), inParts, layer.groups(), 1, 1, 1));
  }

  private Launch sum(Bindings bindings, Program program, Floats sums) {
    Kernel kernel = program.kernel("winograd_gradient_sum");
    sums.bind(kernel, "sums");
    bindings.parameterGradients().get(0).orElseThrow().bind(kernel, "dw");
    int inBlocks = input.groupBlocks();
    kernel
        .set("columns", columns)
        .set("narrow_blocks", wideIsX ? outBlocks : inBlocks)
        .set("group_in", input.x().c() / layer.groups())
        .set("group_out", layer.filters() / layer.groups())
        .set("apart", geometry.step())
        .set("side", layer.kernel().h())
        .set("wide_is_x", wideIsX ? 1 : 0);
    int wide = wideIsX ? inBlocks : outBlocks;
    int narrow = wideIsX ? outBlocks : inBlocks;
    return new Launch(kernel, n -> Range.cover(wide, narrow, layer.groups(), 1, 1, 1));
  }
}
