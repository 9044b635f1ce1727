package org.lamina.layer;

import java.util.List;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The way back through layers that give pixels another place: slices, padding, enlarging. */
final class MoveGradients {

  private MoveGradients() {}

  private interface Maker {
    Kernel make(Bindings bindings);
  }

  /** Returns the program of a kernel that walks over the planes of dx and gathers from dy. */
  private static GradientProgram program(GradientSite site, Maker maker) {
    Chw x = site.signature().input();
    Chw y = site.signature().output();
    return GradientProgram.ofGradient(
        site,
        Aliasing.NONE,
        bindings -> {
          Kernel kernel = maker.make(bindings);
          bindings.gradient().bind(kernel, "dy");
          bindings.inputGradient().bind(kernel, "dx");
          int blocks = bindings.inputGradient().blocks();
          kernel.set("blocks", blocks).set("in_height", x.h()).set("in_width", x.w());
          if (kernel.hasArgument("height")) {
            kernel.set("height", y.h()).set("width", y.w());
          }
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, x.h(), x.w(), n * blocks)));
        });
  }

  static GradientProgram slice(Slice layer, GradientSite site) {
    Chw x = site.signature().input();
    int first = layer.first(x);
    boolean c = layer.axis() == Slice.Axis.CHANNEL;
    boolean h = layer.axis() == Slice.Axis.HEIGHT;
    boolean w = layer.axis() == Slice.Axis.WIDTH;
    return program(
        site,
        bindings ->
            bindings
                .program("slice.cl")
                .kernel("slice_backward")
                .set("in_channels", x.c())
                .set("channels", site.signature().output().c())
                .set("first_c", c ? first : 0)
                .set("first_h", h ? first : 0)
                .set("first_w", w ? first : 0)
                .set("step_c", c ? layer.step() : 1)
                .set("step_h", h ? layer.step() : 1)
                .set("step_w", w ? layer.step() : 1));
  }

  static GradientProgram pad(Pad layer, GradientSite site) {
    return program(
        site,
        bindings ->
            bindings
                .program("pad.cl")
                .kernel("pad_backward")
                .set("top", layer.pad().top())
                .set("left", layer.pad().left())
                .set("mode", layer.mode().ordinal()));
  }

  static GradientProgram upsample(Upsample layer, GradientSite site) {
    return program(
        site,
        bindings ->
            bindings
                .program("upsample.cl")
                .kernel("upsample_backward")
                .set("scale_h", layer.scale().h())
                .set("scale_w", layer.scale().w()));
  }
}
