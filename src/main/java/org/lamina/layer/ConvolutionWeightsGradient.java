package org.lamina.layer;

import java.util.List;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The weights' gradient on CPUs: {@code opencl/convolution_gradient_weights.cl}. */
final class ConvolutionWeightsGradient implements WeightsGradient {

  // Enough work-items that a slow core does not keep the others waiting.
  private static final int ITEMS = 32;
  // Blocks of x that a work-item passes over a band of dy with, at most.
  private static final int MOST_BLOCKS = 4;
  // Floats of dy and x in a band: they should stay in a first cache of 32 KB.
  private static final int BAND_FLOATS = 6000;

  private final Convolution layer;
  private final Chw x;
  private final Chw y;
  private final int batch;
  private final int vector;
  private final int inputVector;
  private final int scalars;
  private final int blocks;
  private final int taps;
  private final int groupIn;
  private final int groupOut;
  private final int inBlocks;
  private final int outBlocks;
  private final int tiles;
  private final int blocksEach;
  private final int chunks;

  ConvolutionWeightsGradient(Convolution layer, GradientSite site) {
    this.layer = layer;
    x = site.signature().input();
    y = site.signature().output();
    batch = site.batch();
    vector = site.vector();
    inputVector = x.c() < vector ? 1 : vector;
    boolean planar = inputVector == 1;
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    inBlocks = Layout.of(inputVector).blocks(groupIn);
    outBlocks = Layout.of(vector).blocks(groupOut);
    blocks = planar || wasted(3) > wasted(2) + 0.12 ? 2 : 3;
    int most = vector == 16 ? 8 : planar ? 6 : 4;
    scalars = planar ? Math.min(most, layer.kernel().w()) : most;
    taps = planar ? (layer.kernel().w() + scalars - 1) / scalars * scalars : layer.kernel().w();
    tiles = (outBlocks + blocks - 1) / blocks;
    int columns = layer.groups() * tiles;
    int each = Math.min(inBlocks, MOST_BLOCKS);
    while (each > 1 && columns * ((inBlocks + each - 1) / each) < ITEMS) {
      each--;
    }
    blocksEach = each;
    int items = columns * ((inBlocks + each - 1) / each);
    chunks = Math.max(1, Math.min(batch, (ITEMS + items - 1) / items));
  }

  private double wasted(int tile) {
    int covered = (outBlocks + tile - 1) / tile * tile;
    return (covered - outBlocks) / (double) covered;
  }

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public Layout inputLayout() {
    int beyondW = (taps - 1) * layer.dilation().w() + 1;
    return new Layout(
        inputVector,
        new Padding(
            layer.pad().top(),
            layer.pad().left(),
            beyond(
                x.h(),
                y.h(),
                layer.stride().h(),
                layer.pad().top(),
                (layer.kernel().h() - 1) * layer.dilation().h() + 1),
            beyond(x.w(), y.w(), layer.stride().w(), layer.pad().left(), beyondW)));
  }

  private static int beyond(int in, int out, int stride, int before, int span) {
    return Math.max(0, (out - 1) * stride - before + span - in);
  }

  private long chunkFloats() {
    return (long) layer.groups()
        * tiles
        * inBlocks
        * layer.kernel().h()
        * taps
        * inputVector
        * blocks
        * vector;
  }

  @Override
  public long scratch() {
    return chunks * chunkFloats();
  }

  private Program program(Bindings bindings) {
    Macros macros =
        Macros.none()
            .define("INPUT_VECTOR", inputVector)
            .define("SCALARS", scalars)
            .define("BLOCKS", blocks)
            .define("STRIDE_W", layer.stride().w())
            .define("PITCH", inputVector == 1 ? layer.dilation().w() : 1);
    return bindings.program("convolution_gradient_weights.cl", macros);
  }

  @Override
  public double cost() {
    double macs = (double) batch * layer.groups() * groupIn * groupOut * y.h() * y.w();
    double window = (double) layer.kernel().h() * taps;
    return macs * window / vector / 0.9
        + ConvolutionPrograms.stream(3.0 * scratch())
        + 2 * ConvolutionPrograms.LAUNCH;
  }

  @Override
  public List<Launch> bind(Bindings bindings) {
    return List.of(parts(bindings), sum(bindings));
  }

  private Launch parts(Bindings bindings) {
    Kernel kernel = program(bindings).kernel("convolution_backward_weights");
    bindings.input().bind(kernel, "x");
    bindings.gradient().bind(kernel, "dy");
    bindings.scratch().bind(kernel, "parts");
    int rowFloats = blocks * y.w() * vector + x.w() * inputVector * Math.min(2, layer.stride().h());
    kernel
        .set("chunk", (batch + chunks - 1) / chunks)
        .set("blocks_each", blocksEach)
        .set("in_blocks", inBlocks)
        .set("out_blocks", outBlocks)
        .set("tiles", tiles)
        .set("band", Math.max(1, Math.min(y.h(), BAND_FLOATS / rowFloats)))
        .set("out_height", y.h())
        .set("out_width", y.w())
        .set("kernel_height", layer.kernel().h())
        .set("taps", taps)
        .set("stride_h", layer.stride().h())
        .set("dilation_h", layer.dilation().h())
        .set("dilation_w", layer.dilation().w())
        .set("pad_h", layer.pad().top())
        .set("pad_w", layer.pad().left());
    int parts = (inBlocks + blocksEach - 1) / blocksEach;
    return new Launch(kernel, n -> Range.cover(parts, layer.groups() * tiles, chunks, 1, 1, 1));
  }

  private Launch sum(Bindings bindings) {
    Kernel kernel = program(bindings).kernel("convolution_backward_weights_sum");
    bindings.scratch().bind(kernel, "parts");
    bindings.parameterGradients().get(0).orElseThrow().bind(kernel, "dw");
    int rows = layer.filters() * groupIn;
    kernel
        .set("chunks", chunks)
        .set("rows", rows)
        .set("group_in", groupIn)
        .set("group_out", groupOut)
        .set("groups", layer.groups())
        .set("in_blocks", inBlocks)
        .set("tiles", tiles)
        .set("kernel_height", layer.kernel().h())
        .set("kernel_width", layer.kernel().w())
        .set("taps", taps);
    return new Launch(kernel, n -> Ranges.elements(bindings.session(), bindings.family(), rows, 1));
  }
}
