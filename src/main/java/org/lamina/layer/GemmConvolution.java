package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The convolution of {@code opencl/convolution_gemm.cl}: an implicit matrix product for GPUs. */
final class GemmConvolution {

  // A part of K shorter than so many slices is not worth a launch that adds it.
  private static final int FEWEST_SLICES = 4;
  private static final int MOST_SPLITS = 32;
  private static final int ADDING_GROUP = 64;

  private final Convolution layer;
  private final Site site;
  private final GemmTile tile;
  private final Precision products;
  private final Chw x;
  private final Chw y;
  private final int groupIn;
  private final int groupOut;
  private final int depth;
  private final int area;
  private final int tilesM;
  private final int splits;
  private final int span;

  private GemmConvolution(Convolution layer, Site site, Algorithm algorithm) {
    this.layer = layer;
    this.site = site;
    tile = algorithm.tile();
    products = algorithm.products();
    x = site.signature().input();
    y = site.signature().output();
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    depth = groupIn * layer.kernel().h() * layer.kernel().w();
    area = y.h() * y.w();
    tilesM = GemmTile.cover(groupOut, tile.m());
    int slices = GemmTile.cover(depth, tile.k());
    int wanted = algorithm.split() ? splits(slices) : 1;
    span = GemmTile.cover(slices, wanted);
    splits = GemmTile.cover(slices, span); // none may be empty
  }

  /** Returns into how many parts K is cut so that every compute unit has two tiles. */
  private int splits(int slices) {
    double wanted = Math.ceil(2.0 * GemmTile.units(site) / tiles(site.batch()));
    return (int) Math.max(1, Math.min(Math.min(wanted, MOST_SPLITS), slices / FEWEST_SLICES));
  }

  private long tiles(int images) {
    return (long) GemmTile.cover((long) images * area, tile.n()) * tilesM * layer.groups();
  }

  /**
   * On GPUs, whatever the geometry; cut into parts of K where there are too few tiles otherwise.
   *
   * @param tile the tile of a work-group
   * @param split whether several work-groups share the sums of a tile
   * @param products {@link Precision#SINGLE}, or what matrix units multiply: those of the device
   *     are asked for only where the site's precision allows their rounding
   */
  record Algorithm(GemmTile tile, boolean split, Precision products)
      implements ConvolutionAlgorithm {

    static Algorithm of(GemmTile tile) {
      return new Algorithm(tile, false, Precision.SINGLE);
    }

    @Override
    public String name() {
      String kind =
          products == Precision.SINGLE ? "gemm_" + tile.name() : "matrix_" + products.key();
      return kind + (split ? "_split" : "");
    }

    @Override
    public boolean applies(Convolution layer, Site site) {
      return !site.family().isCpu()
          && (products == Precision.SINGLE || matrixUnits(site, products).isPresent())
          && (!split || new GemmConvolution(layer, site, this).splits > 1);
    }

    @Override
    public double cost(Convolution layer, Site site) {
      return new GemmConvolution(layer, site, this).cost();
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return new GemmConvolution(layer, site, this).program();
    }
  }

  private static Optional<MatrixUnits> matrixUnits(Site site, Precision products) {
    Precision allowed = site.choices().precision();
    boolean half = products == Precision.HALF && allowed == Precision.INT8;
    return (half || allowed == products) && site.phase() == Phase.INFERENCE
        ? site.choices().measurements().flatMap(known -> known.matrixUnits(products))
        : Optional.empty();
  }

  private Macros macros() {
    Macros macros =
        tile.macros(ConvolutionPrograms.macros(site))
            .define("ALONG_K", alongK() ? 1 : 0)
            .define("SPLIT", splits > 1 ? 1 : 0);
    if (products == Precision.SINGLE) {
      return macros;
    }
    MatrixUnits units = matrixUnits(site, products).orElseThrow();
    return macros
        .define("MATRIX", units.instruction().code())
        .define("MATRIX_HALF", products == Precision.HALF ? 1 : 0)
        .define("MATRIX_EMULATED", units.emulated() ? 1 : 0);
  }

  private double cost() {
    double weights = (double) layer.groups() * tilesM * tile.m() * depth;
    double sums = splits == 1 ? 0 : 2.0 * partial() * GemmTile.FLOAT + GemmTile.LAUNCH;
    return tile.cost((double) tiles(site.batch()) * splits, (double) span * tile.k(), units())
        + weights * GemmTile.FLOAT
        + sums
        + GemmTile.LAUNCH;
  }

  private int units() {
    return GemmTile.units(site);
  }

  private long partial() {
    return splits == 1 ? 0 : (long) splits * layer.filters() * site.batch() * area;
  }

  private LayerProgram program() {
    return new LayerProgram(
        ConvolutionPrograms.inputs(new Layout(1, ConvolutionPrograms.halo(layer, x, y)), site),
        1,
        Aliasing.NONE,
        List.of(
            weights().buffer("weight"),
            ConvolutionPrograms.bias(layer.bias(), layer.filters(), layer.filters())),
        partial(),
        this::bind);
  }

  /**
   * Turns [OUT_C, IC, KH, KW] into [groups, tiles, IC*KH*KW, filters of a tile], for matrix units
   * into [groups, tiles, slices, filters of a tile, IC*KH*KW of a slice].
   */
  private Repacking weights() {
    List<Repacking.Digit> digits = new ArrayList<>();
    digits.add(new Repacking.Digit(layer.groups(), 0, 0, groupOut * depth));
    digits.add(new Repacking.Digit(tilesM, tile.m(), 0, tile.m() * depth));
    if (products == Precision.SINGLE) {
      digits.add(new Repacking.Digit(depth, 0, 1, 1));
      digits.add(new Repacking.Digit(tile.m(), 1, 0, depth));
    } else {
      digits.add(new Repacking.Digit(GemmTile.cover(depth, tile.k()), 0, tile.k(), tile.k()));
      digits.add(new Repacking.Digit(tile.m(), 1, 0, depth));
      digits.add(new Repacking.Digit(tile.k(), 0, 1, 1));
    }
    return new Repacking(0, digits, groupOut, depth, 0);
  }

  /** Returns whether taps are neighbours in memory and pixels are not. */
  private boolean alongK() {
    return area == 1 && layer.kernel().w() == x.w();
  }

  private List<Launch> bind(Bindings bindings) {
    Program program = bindings.program("convolution_gemm.cl", macros());
    List<Launch> launches = new ArrayList<>();
    launches.add(multiply(bindings, program.kernel("convolution_forward_gemm")));
    if (splits > 1) {
      launches.add(add(bindings, program.kernel("convolution_add_partial")));
    }
    return launches;
  }

  private Launch multiply(Bindings bindings, Kernel kernel) {
    bindings.input().bind(kernel, "x");
    ConvolutionPrograms.bindWindow(kernel, layer);
    ConvolutionPrograms.bindImages(kernel, layer, site.signature());
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("group_in", groupIn)
        .set("group_out", groupOut)
        .set("tiles", tilesM)
        .set("span", span);
    bindResult(bindings, kernel);
    long group = tile.group();
    return new Launch(
        kernel,
        n ->
            Range.cover(
                group * GemmTile.cover((long) n * area, tile.n()),
                tilesM,
                (long) layer.groups() * splits,
                group,
                1,
                1));
  }

  private Launch add(Bindings bindings, Kernel kernel) {
    kernel.set("filters", layer.filters()).set("out_height", y.h()).set("out_width", y.w());
    bindResult(bindings, kernel);
    return new Launch(
        kernel, n -> Range.cover((long) n * area, layer.filters(), 1, ADDING_GROUP, 1, 1));
  }

  private void bindResult(Bindings bindings, Kernel kernel) {
    bindings.output().bind(kernel, "y");
    ConvolutionPrograms.bindSummand(kernel, bindings, site);
    Activations.code(site.fused()).bind(kernel);
    kernel
        .set("bias", bindings.parameters().get(1))
        .set("partial", bindings.scratch())
        .set("partial_offset", bindings.scratchOffset())
        .set("splits", splits);
  }
}
