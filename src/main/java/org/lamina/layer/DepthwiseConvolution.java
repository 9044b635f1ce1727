package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The convolution of {@code opencl/convolution_depthwise.cl}: one filter for each channel. */
final class DepthwiseConvolution {

  private DepthwiseConvolution() {}

  /** Where every channel has one filter of its own. */
  static final class Algorithm implements ConvolutionAlgorithm {
    @Override
    public String name() {
      return "depthwise";
    }

    @Override
    public boolean applies(Convolution layer, Site site) {
      int channels = site.signature().input().c();
      return layer.groups() > 1 && layer.groups() == channels && layer.filters() == channels;
    }

    @Override
    public double cost(Convolution layer, Site site) {
      double launch = site.family().isCpu() ? 0 : GemmTile.LAUNCH;
      return 2 * ConvolutionPrograms.products(site) + launch;
    }

    @Override
    public LayerProgram compile(Convolution layer, Site site) {
      return DepthwiseConvolution.compile(layer, site);
    }
  }

  static LayerProgram compile(Convolution layer, Site site) {
    Chw y = site.signature().output();
    int vector = site.vector();
    int blocks = Layout.of(vector).blocks(y.c());
    int taps = layer.kernel().h() * layer.kernel().w();
    return new LayerProgram(
        ConvolutionPrograms.inputs(Layout.of(site.vector()), site),
        vector,
        Aliasing.NONE,
        List.of(
            new Repacking(
                    0,
                    List.of(
                        new Repacking.Digit(blocks, vector, 0, vector * taps),
                        new Repacking.Digit(taps, 0, 0, 1),
                        new Repacking.Digit(vector, 1, 0, taps)),
                    y.c(),
                    1,
                    0)
                .buffer("weight"),
            ConvolutionPrograms.bias(layer.bias(), layer.filters(), blocks * vector)),
        0,
        bindings -> {
          Kernel kernel =
              bindings
                  .program("convolution_depthwise.cl", ConvolutionPrograms.macros(site))
                  .kernel("convolution_forward_depthwise");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          ConvolutionPrograms.bindSummand(kernel, bindings, site);
          ConvolutionPrograms.bindWindow(kernel, layer);
          ConvolutionPrograms.bindImages(kernel, layer, site.signature());
          Activations.code(site.fused()).bind(kernel);
          kernel
              .set("weights", bindings.parameters().get(0))
              .set("bias", bindings.parameters().get(1))
              .set("blocks", blocks);
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, y.h(), y.w(), n * blocks)));
        });
  }
}
