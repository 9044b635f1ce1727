package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The programs of layers that give pixels another place: slices, padding, enlarging. */
final class MovePrograms {

  private MovePrograms() {}

  private interface Maker {
    Kernel make(Bindings bindings);
  }

  /** Returns the program of a kernel that walks over the planes of its output. */
  private static LayerProgram program(Site site, Maker maker) {
    Chw y = site.signature().output();
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings -> {
          Kernel kernel = maker.make(bindings);
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          int blocks = bindings.output().blocks();
          kernel.set("blocks", blocks).set("height", y.h()).set("width", y.w());
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, y.h(), y.w(), n * blocks)));
        });
  }

  static LayerProgram slice(Slice layer, Site site) {
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
                .kernel("slice_forward")
                .set("channels", site.signature().output().c())
                .set("first_c", c ? first : 0)
                .set("first_h", h ? first : 0)
                .set("first_w", w ? first : 0)
                .set("step_c", c ? layer.step() : 1)
                .set("step_h", h ? layer.step() : 1)
                .set("step_w", w ? layer.step() : 1));
  }

  static LayerProgram pad(Pad layer, Site site) {
    Chw x = site.signature().input();
    return program(
        site,
        bindings ->
            bindings
                .program("pad.cl")
                .kernel("pad_forward")
                .set("in_height", x.h())
                .set("in_width", x.w())
                .set("top", layer.pad().top())
                .set("left", layer.pad().left())
                .set("mode", layer.mode().ordinal())
                .set("value", (float) layer.value()));
  }

  static LayerProgram upsample(Upsample layer, Site site) {
    return program(
        site,
        bindings ->
            bindings
                .program("upsample.cl")
                .kernel("upsample_forward")
                .set("scale_h", layer.scale().h())
                .set("scale_w", layer.scale().w()));
  }
}
