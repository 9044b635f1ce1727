package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The convolution of {@code opencl/convolution_plain.cl}: any groups, no speed. */
final class PlainConvolution {

  private PlainConvolution() {}

  /** Everywhere; the reference on the device for all others. */
  static final class Algorithm implements ConvolutionAlgorithm {
    @Override
    public String name() {
      return "plain";
    }

    @Override
    public boolean applies(Convolution layer, Site site) {
      return true;
    }

    @Override
    public double cost(Convolution layer, Site site) {
      // One product for each load, and a division and two tests for each product.
      double launch = site.family().isCpu() ? 0 : GemmTile.LAUNCH;
      return 20 * ConvolutionPrograms.products(site) + launch;
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return PlainConvolution.compile(layer, site);
    }
  }

  static LayerProgram compile(Convolution layer, Site site) {
    Signature signature = site.signature();
    Chw y = signature.output();
    return new LayerProgram(
        ConvolutionPrograms.inputs(Layout.of(site.vector()), site),
        site.vector(),
        Aliasing.NONE,
        List.of(
            PackedBuffer.dense("weight", 0, signature),
            ConvolutionPrograms.bias(layer.bias(), layer.filters(), layer.filters())),
        0,
        bindings -> {
          Kernel kernel =
              bindings
                  .program("convolution_plain.cl", ConvolutionPrograms.macros(site))
                  .kernel("convolution_forward_plain");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          ConvolutionPrograms.bindSummand(kernel, bindings, site);
          ConvolutionPrograms.bindWindow(kernel, layer);
          ConvolutionPrograms.bindImages(kernel, layer, signature);
          Activations.code(site.fused()).bind(kernel);
          int blocks = bindings.output().blocks();
          kernel
              .set("weights", bindings.parameters().get(0))
              .set("bias", bindings.parameters().get(1))
              .set("blocks", blocks)
              .set("filters", layer.filters())
              .set("group_in", signature.input().c() / layer.groups())
              .set("group_out", layer.filters() / layer.groups());
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, y.h(), y.w(), n * blocks)));
        });
  }
}
