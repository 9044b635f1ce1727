package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The convolution of {@code opencl/convolution_gemm.cl}: an implicit matrix product for GPUs. */
final class GemmConvolution {

  // The work-group is SIDE × SIDE; see the kernel.
  private static final int SIDE = 16;
  private static final int LARGE = 64;

  private GemmConvolution() {}

  /** On GPUs, whatever the geometry. */
  static final class Algorithm implements ConvolutionAlgorithm {
    @Override
    public String name() {
      return "gemm";
    }

    @Override
    public boolean applies(Convolution layer, Site site) {
      return !site.family().isCpu();
    }

    @Override
    public double cost(Convolution layer, Site site) {
      return 4 * ConvolutionPrograms.products(site);
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return GemmConvolution.compile(layer, site);
    }
  }

  static LayerProgram compile(Convolution layer, Site site) {
    Signature signature = site.signature();
    Chw y = signature.output();
    int groupOut = layer.filters() / layer.groups();
    int area = y.h() * y.w();
    // Two sizes each way: a tile that is mostly empty costs more than one that fetches more often.
    int tileP = (long) site.batch() * area >= LARGE ? LARGE : SIDE;
    int tileM = groupOut > LARGE / 2 ? LARGE : SIDE;
    return new LayerProgram(
        List.of(Layout.of(1)),
        1,
        Aliasing.NONE,
        List.of(
            PackedBuffer.dense("weight", 0, signature),
            ConvolutionPrograms.bias(layer.bias(), layer.filters(), layer.filters())),
        0,
        bindings -> {
          Macros macros = Macros.none().define("TILE_P", tileP).define("TILE_M", tileM);
          Kernel kernel =
              bindings.program("convolution_gemm.cl", macros).kernel("convolution_forward_gemm");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          ConvolutionPrograms.bindWindow(kernel, layer);
          ConvolutionPrograms.bindImages(kernel, layer, signature);
          Activations.code(site.fused()).bind(kernel);
          kernel
              .set("weights", bindings.parameters().get(0))
              .set("bias", bindings.parameters().get(1))
              .set("group_in", signature.input().c() / layer.groups())
              .set("group_out", groupOut);
          int tilesM = (groupOut + tileM - 1) / tileM;
          return List.of(
              new Launch(
                  kernel,
                  n ->
                      Range.cover(
                          (long) SIDE * ((n * area + tileP - 1) / tileP),
                          (long) SIDE * tilesM,
                          layer.groups(),
                          SIDE,
                          SIDE,
                          1)));
        });
  }
}
