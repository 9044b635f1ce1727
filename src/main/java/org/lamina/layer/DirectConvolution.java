package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/**
 * The convolution of {@code opencl/convolution_direct.cl}: a register tile per CPU work-item.
 *
 * <p>An image of fewer channels than a vector has lanes (the first layer's three) is read planar;
 * everything else in blocks. Needs one group, or groups that begin at a block of channels.
 */
final class DirectConvolution {

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

  private DirectConvolution(Convolution layer, Site site) {
    this.layer = layer;
    this.site = site;
    x = site.signature().input();
    y = site.signature().output();
    vector = site.vector();
    inputVector = x.c() < vector ? 1 : vector;
    tile = RegisterTile.forRow(y.w(), vector);
    groupIn = x.c() / layer.groups();
    groupOut = layer.filters() / layer.groups();
    inBlocks = Layout.of(inputVector).blocks(groupIn);
    outBlocks = Layout.of(vector).blocks(groupOut);
    tiles = (outBlocks + tile.blocks() - 1) / tile.blocks();
  }

  /** On CPUs, for one group or groups that begin at a block of channels. */
  static final class Algorithm implements ConvolutionAlgorithm {
    @Override
    public String name() {
      return "direct";
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
      Chw x = site.signature().input();
      Chw y = site.signature().output();
      int taps = layer.kernel().h() * layer.kernel().w();
      RegisterTile tile = RegisterTile.forRow(y.w(), site.vector());
      int filters = layer.filters() / layer.groups();
      double full = tile.rounded(y.w(), filters, site.vector()) / ((double) y.w() * filters);
      return full * ConvolutionPrograms.products(site) / 0.9
          + ConvolutionPrograms.stream((double) layer.filters() * x.c() / layer.groups() * taps)
          + ConvolutionPrograms.LAUNCH;
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return DirectConvolution.compile(layer, site);
    }
  }

  static LayerProgram compile(Convolution layer, Site site) {
    return new DirectConvolution(layer, site).program();
  }

  private LayerProgram program() {
    return new LayerProgram(
        List.of(new Layout(inputVector, halo())),
        vector,
        Aliasing.NONE,
        List.of(
            new PackedBuffer("weight", weightFloats(), (p, out) -> pack(p.get(0).values(), out)),
            ConvolutionPrograms.bias(layer, tiles * filtersPerTile())),
        0,
        this::bind);
  }

  /**
   * Returns the pixels around the image that windows really touch: with a stride, the last ones may
   * not reach the whole padding.
   */
  private Padding halo() {
    return new Padding(
        layer.pad().top(),
        layer.pad().left(),
        beyond(
            x.h(),
            y.h(),
            layer.kernel().h(),
            layer.dilation().h(),
            layer.stride().h(),
            layer.pad().top()),
        beyond(
            x.w(),
            y.w(),
            layer.kernel().w(),
            layer.dilation().w(),
            layer.stride().w(),
            layer.pad().left()));
  }

  private static int beyond(int in, int out, int kernel, int dilation, int stride, int before) {
    return Math.max(0, (out - 1) * stride - before + (kernel - 1) * dilation + 1 - in);
  }

  private List<Launch> bind(LayerProgram.Bindings bindings) {
    Macros macros =
        Macros.none()
            .define("INPUT_VECTOR", inputVector)
            .define("TILE", tile.pixels())
            .define("BLOCKS", tile.blocks())
            .define("STRIDE_W", layer.stride().w());
    Kernel kernel =
        bindings.program("convolution_direct.cl", macros).kernel("convolution_forward_direct");
    bindings.input().bind(kernel, "x");
    bindings.output().bind(kernel, "y");
    ConvolutionPrograms.bindWindow(kernel, layer);
    Activations.code(site.fused()).bind(kernel);
    int rowTiles = (y.w() + tile.pixels() - 1) / tile.pixels();
    kernel
        .set("weights", bindings.parameters().get(0))
        .set("bias", bindings.parameters().get(1))
        .set("in_blocks", inBlocks)
        .set("out_blocks", outBlocks)
        .set("tiles", tiles)
        .set("row_tiles", rowTiles)
        .set("out_width", y.w());
    return List.of(
        new Launch(
            kernel, n -> Range.cover((long) y.h() * rowTiles, layer.groups() * tiles, n, 1, 1, 1)));
  }

  private int filtersPerTile() {
    return tile.blocks() * vector;
  }

  private long weightFloats() {
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
    float[] run = new float[filtersPerTile()];
    for (int group = 0; group < layer.groups(); group++) {
      for (int first = 0; first < tiles * run.length; first += run.length) {
        for (int block = 0; block < inBlocks; block++) {
          for (int tap = 0; tap < taps; tap++) {
            for (int ic = block * inputVector; ic < (block + 1) * inputVector; ic++) {
              for (int i = 0; i < run.length; i++) {
                int filter = group * groupOut + first + i;
                boolean there = ic < groupIn && first + i < groupOut;
                run[i] = there ? weights[(filter * groupIn + ic) * taps + tap] : 0;
              }
              out.put(run);
            }
          }
        }
      }
    }
  }
}
