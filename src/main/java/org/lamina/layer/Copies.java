package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.layer.LayerProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** The programs of layers that only move values, and move nothing where memory is already right. */
final class Copies {

  private Copies() {}

  /** Returns the program of a layer that changes nothing. */
  static LayerProgram identity(Site site) {
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.IN_PLACE,
        bindings ->
            bindings.input().equals(bindings.output())
                ? List.of()
                : List.of(Reorder.bind(bindings.session(), bindings.input(), bindings.output())));
  }

  /** Returns the program of {@link Concat}. */
  static LayerProgram concat(Site site) {
    int vector = site.vector();
    return LayerProgram.plain(
        site.signature().inputs().stream().map(x -> Layout.of(vector)).toList(),
        vector,
        Aliasing.SLICES,
        Copies::concat);
  }

  private static List<Launch> concat(Bindings bindings) {
    View y = bindings.output();
    List<Launch> launches = new ArrayList<>();
    int first = 0;
    for (View x : bindings.inputs()) {
      int channels = x.shape().c();
      boolean aligned = first % y.vector() == 0;
      if (!aligned || !x.equals(y.slice(first, channels))) {
        launches.add(Reorder.bind(bindings.session(), x, y, first));
      }
      first += channels;
    }
    return launches;
  }

  /** Returns the program of {@link Flatten}; images of one pixel are flat as they are. */
  static LayerProgram flatten(Site site) {
    if (site.signature().input().equals(site.signature().output())) {
      return identity(site);
    }
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings ->
            List.of(
                flatten(
                    bindings.session(), bindings.family(), bindings.input(), bindings.output())));
  }

  /** Returns the launch that makes every element of {@code x} a channel of {@code y}. */
  static Launch flatten(Session session, Family family, View x, View y) {
    Chw shape = x.shape();
    Kernel kernel = session.program("flatten.cl", Macros.none()).kernel("flatten_forward");
    x.bind(kernel, "x");
    y.bind(kernel, "y");
    kernel.set("x_vector", x.vector()).set("y_vector", y.vector());
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
    int elements = y.blocks() * y.vector();
    return new Launch(kernel, n -> Ranges.elements(session, family, elements, n));
  }
}
