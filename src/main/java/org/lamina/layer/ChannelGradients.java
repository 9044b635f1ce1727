package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The way back through layers with learned numbers for every channel. */
final class ChannelGradients {

  private static final String FILE = "channel_gradient.cl";

  private ChannelGradients() {}

  /** Returns the way back through {@link ChannelScale}, or {@link ChannelBias}, without factors. */
  static GradientProgram linear(GradientSite site, boolean factors) {
    if (!factors) {
      // dx is dy, but the bias needs a launch, so it is copied unless it may stay where it is.
      return GradientProgram.ofGradient(
          site, Aliasing.IN_PLACE, bindings -> bias(site, bindings, 0));
    }
    GradientProgram program =
        GradientProgram.ofGradient(
            site,
            Aliasing.IN_PLACE,
            bindings -> {
              List<Launch> launches = new ArrayList<>();
              if (site.wantsParameter(0)) {
                launches.add(products(site, bindings, false, false));
              }
              if (site.wantsParameter(1)) {
                Floats bias = bindings.parameterGradients().get(1).orElseThrow();
                launches.add(ChannelSums.bind(bindings, bias));
              }
              if (site.wantsInput()) {
                launches.add(scaled(bindings, false, false));
              }
              return launches;
            });
    return site.wantsParameter(0) ? program.readingInputs() : program;
  }

  private static List<Launch> bias(GradientSite site, Bindings bindings, int index) {
    List<Launch> launches = new ArrayList<>();
    if (site.wantsParameter(index)) {
      Floats bias = bindings.parameterGradients().get(index).orElseThrow();
      launches.add(ChannelSums.bind(bindings, bias));
    }
    Optional<View> dx = bindings.inputGradients().get(0);
    if (dx.isPresent() && !dx.get().equals(bindings.gradient())) {
      launches.add(Reorder.bind(bindings.session(), bindings.gradient(), dx.get()));
    }
    return launches;
  }

  /** Returns the way back through {@link ParametricRelu}. */
  static GradientProgram rectifier(GradientSite site, boolean shared) {
    return GradientProgram.ofGradient(
            site,
            Aliasing.IN_PLACE,
            bindings -> {
              List<Launch> launches = new ArrayList<>();
              if (site.wantsParameter(0)) {
                launches.add(products(site, bindings, true, shared));
              }
              if (site.wantsInput()) {
                launches.add(scaled(bindings, true, shared));
              }
              return launches;
            })
        .readingInputs();
  }

  private static Launch products(
      GradientSite site, Bindings bindings, boolean rectifies, boolean shared) {
    Chw shape = site.signature().input();
    Kernel kernel = bindings.program(FILE).kernel("channel_products");
    bindings.input().bind(kernel, "x");
    bindings.gradient().bind(kernel, "dy");
    bindings.parameterGradients().get(0).orElseThrow().bind(kernel, "sums");
    kernel.set("rectifies", rectifies ? 1 : 0).set("together", shared ? 1 : 0);
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
    int items = shared ? 1 : bindings.gradient().blocks();
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), items, 1));
  }

  private static Launch scaled(Bindings bindings, boolean rectifies, boolean shared) {
    View dy = bindings.gradient();
    Chw shape = dy.shape();
    Kernel kernel = bindings.program(FILE).kernel("channel_scale_backward");
    (rectifies ? bindings.input() : dy).bind(kernel, "x");
    dy.bind(kernel, "dy");
    bindings.inputGradient().bind(kernel, "dx");
    bindings.learning().values().get(0).bind(kernel, "weight");
    kernel.set("rectifies", rectifies ? 1 : 0).set("together", shared ? 1 : 0);
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
    return new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * dy.blocks()));
  }

  /** Returns the way back through {@link InstanceNormalization}. */
  static GradientProgram instanceNormalization(GradientSite site, InstanceNormalization layer) {
    Chw shape = site.signature().input();
    int blocks = Layout.of(site.vector()).blocks(shape.c());
    return GradientProgram.ofGradient(
            site,
            Aliasing.IN_PLACE,
            bindings -> {
              List<Launch> launches = new ArrayList<>();
              launches.add(instances(site, layer, bindings, blocks));
              if (site.wantsParameter(0) || site.wantsParameter(1)) {
                launches.add(merged(site, bindings, blocks));
              }
              return launches;
            })
        .readingInputs()
        .withScratch(2L * blocks * site.vector() * site.batch());
  }

  private static Launch instances(
      GradientSite site, InstanceNormalization layer, Bindings bindings, int blocks) {
    Chw shape = site.signature().input();
    Kernel kernel =
        bindings.program("instance_normalization.cl").kernel("instance_normalization_backward");
    bindings.input().bind(kernel, "x");
    bindings.gradient().bind(kernel, "dy");
    // Where nobody wants dx, none is written, and any tensor of this shape will do.
    bindings.inputGradients().get(0).orElse(bindings.gradient()).bind(kernel, "dx");
    bindings.scratch().bind(kernel, "parts");
    Floats weight = layer.affine() ? bindings.learning().values().get(0) : bindings.scratch();
    weight.bind(kernel, "weight");
    kernel.set("affine", layer.affine() ? 1 : 0).set("wanted", site.wantsInput() ? 1 : 0);
    kernel.set("epsilon", (float) layer.epsilon()).set("blocks", blocks);
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), blocks, n));
  }

  private static Launch merged(GradientSite site, Bindings bindings, int blocks) {
    Kernel kernel =
        bindings
            .program("instance_normalization.cl")
            .kernel("instance_normalization_parameter_gradients");
    bindings.scratch().bind(kernel, "parts");
    List<Optional<Floats>> wanted = bindings.parameterGradients();
    wanted.get(0).orElse(bindings.scratch()).bind(kernel, "dweight");
    wanted.get(1).orElse(bindings.scratch()).bind(kernel, "dbias");
    kernel.set("wants_weight", wanted.get(0).isPresent() ? 1 : 0);
    kernel.set("wants_bias", wanted.get(1).isPresent() ? 1 : 0);
    kernel.set("channels", site.signature().input().c());
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), blocks, 1));
  }
}
