package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.GradientProgram.Aliasing;
import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** The way back through layers that only move values. */
final class CopyGradients {

  private CopyGradients() {}

  /** Returns the way back through {@link Concat}. */
  static GradientProgram concat(GradientSite site) {
    return GradientProgram.ofGradient(site, Aliasing.SLICES, bindings -> concat(site, bindings));
  }

  private static List<Launch> concat(GradientSite site, Bindings bindings) {
    View dy = bindings.gradient();
    List<Launch> launches = new ArrayList<>();
    int first = 0;
    for (int k = 0; k < site.inputs().size(); k++) {
      int channels = site.signature().inputs().get(k).c();
      Optional<View> dx = bindings.inputGradients().get(k);
      boolean there = first % dy.vector() == 0 && dx.equals(Optional.of(dy.slice(first, channels)));
      if (dx.isPresent() && !there) {
        launches.add(slice(bindings, dx.get(), first));
      }
      first += channels;
    }
    return launches;
  }

  /** Returns the way back through channels of which the input's begin at {@code first}. */
  static GradientProgram slice(GradientSite site, int first) {
    return GradientProgram.ofGradient(
        site, Aliasing.NONE, bindings -> List.of(slice(bindings, bindings.inputGradient(), first)));
  }

  private static Launch slice(Bindings bindings, View dx, int first) {
    Chw shape = dx.shape();
    Kernel kernel = bindings.program("slices.cl").kernel("slice");
    bindings.gradient().bind(kernel, "x");
    dx.bind(kernel, "y");
    kernel.set("first", first).set("channels", shape.c());
    kernel.set("height", shape.h()).set("width", shape.w());
    return new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * dx.blocks()));
  }

  /** Returns the way back through {@link Flatten}; images of one pixel are flat as they are. */
  static GradientProgram flatten(GradientSite site) {
    if (site.signature().input().equals(site.signature().output())) {
      return GradientProgram.same(site);
    }
    return GradientProgram.ofGradient(
        site,
        Aliasing.NONE,
        bindings ->
            List.of(
                flatten(
                    bindings.session(),
                    bindings.family(),
                    bindings.gradient(),
                    bindings.inputGradient())));
  }

  /** Returns the launch that makes channels of one pixel images again. */
  static Launch flatten(Session session, Family family, View dy, View dx) {
    Chw shape = dx.shape();
    Kernel kernel = session.program("flatten.cl", Macros.none()).kernel("flatten_backward");
    dy.bind(kernel, "dy");
    dx.bind(kernel, "dx");
    kernel.set("x_vector", dx.vector()).set("y_vector", dy.vector());
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
    long elements = (long) dx.blocks() * dx.vector() * shape.h() * shape.w();
    return new Launch(kernel, n -> Ranges.elements(session, family, elements, n));
  }
}
