package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** What max and average pooling share: checks, shape rule and program. */
final class Pooling {

  private Pooling() {}

  /** Throws unless every window has a pixel of the image under it, whatever the image. */
  static void check(Extent kernel, Extent stride, Padding pad) {
    Check.atLeast("kernel", 1, kernel);
    Check.atLeast("stride", 1, stride);
    Check.notNegative("pad", pad);
    Check.that(
        Math.max(pad.top(), pad.bottom()) < kernel.h()
            && Math.max(pad.left(), pad.right()) < kernel.w(),
        "pad",
        "pad must be smaller than the window, but a pad of %s leaves some of the %s windows empty",
        pad,
        kernel);
  }

  /** Returns the shape of the output. */
  static Chw output(Chw x, Extent kernel, Extent stride, Padding pad, Rounding round) {
    return new Chw(
        x.c(),
        slide("height", x.h(), kernel.h(), stride.h(), pad.top(), pad.bottom(), round),
        slide("width", x.w(), kernel.w(), stride.w(), pad.left(), pad.right(), round));
  }

  private static int slide(
      String axis, int in, int kernel, int stride, int before, int after, Rounding round) {
    int whole = Check.slide(axis, in, kernel, 1, stride, before, after);
    long rest = ((long) in + before + after - kernel) % stride;
    if (round == Rounding.FLOOR || rest == 0) {
      return whole;
    }
    // One more window hangs over the end; it counts if it starts inside image and leading padding.
    return (long) whole * stride < (long) in + before ? whole + 1 : whole;
  }

  /** Returns the program of a pooling; {@code average} has a divisor, the maximum has none. */
  static LayerProgram compile(
      Site site, Extent kernel, Extent stride, Padding pad, Optional<Padding> average) {
    Chw x = site.signature().input();
    Chw y = site.signature().output();
    String name = average.isPresent() ? "average_pooling_forward" : "max_pooling_forward";
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.NONE,
        bindings -> {
          Kernel pooling = bindings.program("pooling.cl").kernel(name);
          bindings.input().bind(pooling, "x");
          bindings.output().bind(pooling, "y");
          int blocks = bindings.output().blocks();
          pooling.set("blocks", blocks);
          bindWindows(pooling, x, y, kernel, stride, pad);
          average.ifPresent(counted -> bindCounted(pooling, counted));
          return List.of(
              new Launch(pooling, n -> Ranges.planes(bindings, y.h(), y.w(), n * blocks)));
        });
  }

  private static void bindCounted(Kernel pooling, Padding counted) {
    pooling.set("count_top", counted.top()).set("count_left", counted.left());
    pooling.set("count_bottom", counted.bottom()).set("count_right", counted.right());
  }

  /** Returns the way back; {@code average} has a divisor, the maximum has none. */
  static GradientProgram backward(
      GradientSite site, Extent kernel, Extent stride, Padding pad, Optional<Padding> average) {
    Chw x = site.signature().input();
    Chw y = site.signature().output();
    String name = average.isPresent() ? "average_pooling_backward" : "max_pooling_backward";
    GradientProgram program =
        GradientProgram.ofGradient(
            site,
            GradientProgram.Aliasing.NONE,
            bindings -> {
              Kernel pooling = bindings.program("pooling_gradient.cl").kernel(name);
              bindings.gradient().bind(pooling, "dy");
              bindings.inputGradient().bind(pooling, "dx");
              if (average.isEmpty()) {
                bindings.input().bind(pooling, "x");
                bindings.output().orElseThrow().bind(pooling, "y");
              }
              int blocks = bindings.gradient().blocks();
              pooling.set("blocks", blocks);
              bindWindows(pooling, x, y, kernel, stride, pad);
              average.ifPresent(counted -> bindCounted(pooling, counted));
              return List.of(
                  new Launch(pooling, n -> Ranges.planes(bindings, x.h(), x.w(), n * blocks)));
            });
    return average.isPresent() ? program : program.readingInputs().readingOutput();
  }

  static void bindWindows(Kernel kernel, Chw x, Chw y, MaxPooling layer) {
    bindWindows(kernel, x, y, layer.kernel(), layer.stride(), layer.pad());
  }

  private static void bindWindows(
      Kernel pooling, Chw x, Chw y, Extent kernel, Extent stride, Padding pad) {
    pooling.set("in_height", x.h()).set("in_width", x.w());
    pooling.set("out_height", y.h()).set("out_width", y.w());
    pooling.set("kernel_height", kernel.h()).set("kernel_width", kernel.w());
    pooling.set("stride_height", stride.h()).set("stride_width", stride.w());
    pooling.set("pad_top", pad.top()).set("pad_left", pad.left());
  }
}
