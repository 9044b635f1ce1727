package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/**
 * Chooses the kernels of a fully connected layer: the packed one of {@code
 * opencl/fully_connected.cl} on CPUs; on GPUs a matrix times a vector for few images, and else a
 * convolution whose window is the whole image.
 */
final class FullyConnectedPrograms {

  // Tiles of images of a work-item: more would push its weights out of the first-level cache.
  private static final int MOST_TILES = 8;

  private final FullyConnected layer;
  private final Site site;
  private final Chw x;
  private final int vector;
  private final RegisterTile tile;
  private final int tiles;
  private final int group;
  private final Precision precision;

  private FullyConnectedPrograms(FullyConnected layer, Site site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
    vector = site.vector();
    tile = RegisterTile.forImages(site.batch(), vector);
    tiles = (layer.units() + units() - 1) / units();
    group = tile.runs(site.batch(), MOST_TILES * tile.pixels());
    precision = site.choices().precision().stored();
  }

  static LayerProgram compile(FullyConnected layer, Site site) {
    if (!site.family().isCpu()) {
      return compileForGpu(layer, site);
    }
    return site.phase() == Phase.INFERENCE
        ? new FullyConnectedPrograms(layer, site).program()
        : FullyConnectedTraining.compile(layer, site);
  }

  private static LayerProgram compileForGpu(FullyConnected layer, Site site) {
    Selection selected = Selection.of(layer, site, List.copyOf(costs(layer, site).keySet()));
    Convolution convolution = asConvolution(layer, site.signature().input());
    LayerProgram program =
        selected.algorithm().equals(FullyConnectedGemv.NAME)
            ? FullyConnectedGemv.compile(layer, site)
            : ConvolutionPrograms.algorithms(convolution, site).stream()
                .filter(algorithm -> algorithm.name().equals(selected.algorithm()))
                .findFirst()
                .orElseThrow()
                .compile(convolution, site);
    return program.selected(selected);
  }

  /**
   * Returns what the algorithms of a layer on GPUs cost, the cheapest first: those of the
   * convolution and one for few images. On CPUs there is only one algorithm.
   */
  static Map<String, Double> costs(FullyConnected layer, Site site) {
    if (site.family().isCpu()) {
      return Map.of();
    }
    Convolution convolution = asConvolution(layer, site.signature().input());
    Map<String, Double> costs = new HashMap<>();
    costs.put(FullyConnectedGemv.NAME, FullyConnectedGemv.cost(layer, site));
    ConvolutionPrograms.algorithms(convolution, site).stream()
        .filter(each -> each instanceof GemmConvolution.Algorithm)
        .forEach(each -> costs.put(each.name(), each.cost(convolution, site)));
    Map<String, Double> sorted = new LinkedHashMap<>();
    costs.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
        .forEach(each -> sorted.put(each.getKey(), each.getValue()));
    return sorted;
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
    long biases = (long) tiles * units() * (precision == Precision.INT8 ? 2 : 1);
    return new LayerProgram(
        List.of(layout),
        vector,
        Aliasing.NONE,
        List.of(
            new PackedBuffer("weight", StoredWeights.floats(weights, precision), this::pack),
            new PackedBuffer("bias", biases, this::packBias)),
        0,
        this::bind);
  }

  private List<Launch> bind(Bindings bindings) {
    Macros macros =
        Macros.none()
            .define("IMAGES", tile.pixels())
            .define("BLOCKS", tile.blocks())
            .define("TILES", site.batch() == 1 ? 1 : MOST_TILES)
            .define("PRECISION", precision.ordinal());
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
        .set("group", group)
        .set("blocks", planesTouch ? 1 : blocks)
        .set("height", rowsTouch ? 1 : x.h())
        .set("run", planesTouch ? blocks * x.h() * run : rowsTouch ? x.h() * run : run)
        .set("out_blocks", bindings.output().blocks());
    return List.of(
        new Launch(kernel, n -> Range.cover((n + group - 1) / group, tiles, 1, 1, 1, 1)));
  }

  /** Turns [UNITS, C, H, W] into [tiles, CB, H, W, vector, units of a tile]. */
  private void pack(List<Tensor> parameters, FloatBuffer out) {
    float[] weights = parameters.get(0).values();
    int area = x.h() * x.w();
    int depth = x.c() * area;
    int slab = Layout.of(vector).image(x) * units();
    StoredWeights.pack(
        precision,
        tiles,
        slab,
        (tile, values) -> {
          for (int i = 0; i < units() && tile * units() + i < layer.units(); i++) {
            int row = (tile * units() + i) * depth;
            float factor = precision == Precision.INT8 ? 1 / scale(weights, row, depth) : 1;
            for (int c = 0; c < x.c(); c++) {
              int block = c / vector * area * vector + c % vector;
              for (int p = 0; p < area; p++) {
                values[(block + p * vector) * units() + i] = weights[row + c * area + p] * factor;
              }
            }
          }
        },
        out);
  }

  /** Returns the value of one step of the 8-bit integers of a row of weights. */
  private static float scale(float[] weights, int row, int depth) {
    float most = 0;
    for (int i = row; i < row + depth; i++) {
      most = Math.max(most, Math.abs(weights[i]));
    }
    return most == 0 ? 1 : most / Byte.MAX_VALUE;
  }

  /** Writes the biases, and the scales of 8-bit weights after them. */
  private void packBias(List<Tensor> parameters, FloatBuffer out) {
    float[] weights = parameters.get(0).values();
    int depth = Math.toIntExact(x.volume());
    for (int i = 0; i < tiles * units(); i++) {
      out.put(layer.bias() && i < layer.units() ? parameters.get(1).values()[i] : 0);
    }
    for (int i = 0; out.hasRemaining(); i++) {
      out.put(i < layer.units() ? scale(weights, i * depth, depth) : 0);
    }
  }
}
