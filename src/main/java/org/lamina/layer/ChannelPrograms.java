package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The programs of layers with learned numbers for every channel. */
final class ChannelPrograms {

  private ChannelPrograms() {}

  /** Returns {@code weight[c]*x + bias[c]}, where either may be missing from the parameters. */
  static LayerProgram linear(Site site) {
    return program(
        site,
        List.of(values(site, "weight", 1), values(site, "bias", 0)),
        bindings -> {
          Kernel kernel =
              bindings.program("batch_normalization.cl").kernel("batch_normalization_forward");
          kernel.set("scale", bindings.parameters().get(0));
          kernel.set("shift", bindings.parameters().get(1));
          Activations.code(site.fused()).bind(kernel);
          return kernel;
        });
  }

  /** Returns {@code x < 0 ? weight[c]*x : x}; a single weight serves all channels. */
  static LayerProgram rectifier(Site site) {
    return program(
        site,
        List.of(values(site, "weight", 0)),
        bindings ->
            bindings
                .program("parametric_relu.cl")
                .kernel("parametric_relu_forward")
                .set("slopes", bindings.parameters().get(0)));
  }

  /** Returns {@code weight[c]*(x - mean)/deviation + bias[c]}, a work-item for every plane. */
  static LayerProgram instanceNormalization(Site site, double epsilon) {
    Chw shape = site.signature().output();
    return new LayerProgram(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.IN_PLACE,
        List.of(values(site, "weight", 1), values(site, "bias", 0)),
        0,
        bindings -> {
          Kernel kernel =
              bindings
                  .program("instance_normalization.cl")
                  .kernel("instance_normalization_forward");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          Activations.code(site.fused()).bind(kernel);
          int blocks = bindings.output().blocks();
          kernel
              .set("scale", bindings.parameters().get(0))
              .set("shift", bindings.parameters().get(1))
              .set("epsilon", (float) epsilon)
              .set("blocks", blocks)
              .set("channels", shape.c())
              .set("height", shape.h())
              .set("width", shape.w());
          return List.of(new Launch(kernel, n -> Ranges.elements(bindings, blocks, n)));
        });
  }

  private interface Maker {
    Kernel make(Bindings bindings);
  }

  private static LayerProgram program(Site site, List<PackedBuffer> parameters, Maker maker) {
    Chw shape = site.signature().output();
    return new LayerProgram(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.IN_PLACE,
        parameters,
        0,
        bindings -> {
          Kernel kernel = maker.make(bindings);
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          int blocks = bindings.output().blocks();
          kernel.set("blocks", blocks).set("height", shape.h()).set("width", shape.w());
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
        });
  }

  /**
   * Returns a parameter as a value for each channel and zeros for the lanes beyond; if the layer
   * has no such parameter, every channel gets {@code otherwise}.
   */
  private static PackedBuffer values(Site site, String name, float otherwise) {
    int channels = site.signature().output().c();
    List<String> names = site.signature().parameters().stream().map(Parameter::name).toList();
    int index = names.indexOf(name);
    long floats = (long) Layout.of(site.vector()).blocks(channels) * site.vector();
    if (index >= 0 || otherwise == 0 && !names.isEmpty()) {
      boolean shared = index >= 0 && site.signature().parameters().get(index).shape().volume() == 1;
      Repacking.Digit all = new Repacking.Digit(Math.toIntExact(floats), 1, 0, shared ? 0 : 1);
      return new Repacking(Math.max(0, index), List.of(all), index < 0 ? 0 : channels, 1, 0)
          .buffer(name);
    }
    return new PackedBuffer(
        name,
        floats,
        (tensors, out) -> {
          for (int c = 0; c < channels; c++) {
            out.put(otherwise);
          }
          fill(out);
        });
  }

  private static void fill(FloatBuffer out) {
    while (out.hasRemaining()) {
      out.put(0);
    }
  }
}
