package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.tensor.Chw;

/** What max and average pooling share: checks, shape rule and program. */
final class Pooling {

  /** What becomes of the values under a window; the code is POOLING in pooling.cl. */
  enum Kind {
    /** The largest. */
    MAX,
    /** The mean, with padding counted as zeros. */
    AVERAGE_PADDED,
    /** The mean of those inside the image. */
    AVERAGE_CLIPPED
  }

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

  static LayerProgram compile(Site site, Extent kernel, Extent stride, Padding pad, Kind kind) {
    Chw x = site.signature().input();
    Chw y = site.signature().output();
    int vector = site.family().vector();
    Macros macros =
        Macros.none().define("VECTOR", vector).define("MAXIMUM", kind == Kind.MAX ? 1 : 0);
    Program program = site.session().program("pooling.cl", macros);
    return LayerProgram.plain(
        List.of(Layout.of(vector)),
        vector,
        Aliasing.NONE,
        bindings -> {
          Kernel pooling = program.kernel("pooling_forward");
          bindings.input().bind(pooling, "x");
          bindings.output().bind(pooling, "y");
          int blocks = bindings.output().blocks();
          pooling.set("blocks", blocks);
          pooling.set("in_height", x.h()).set("in_width", x.w());
          pooling.set("out_height", y.h()).set("out_width", y.w());
          pooling.set("kernel_height", kernel.h()).set("kernel_width", kernel.w());
          pooling.set("stride_height", stride.h()).set("stride_width", stride.w());
          pooling.set("pad_top", pad.top()).set("pad_left", pad.left());
          if (kind != Kind.MAX) {
            boolean padded = kind == Kind.AVERAGE_PADDED;
            pooling.set("count_top", padded ? pad.top() : 0);
            pooling.set("count_left", padded ? pad.left() : 0);
            pooling.set("count_bottom", padded ? pad.bottom() : 0);
            pooling.set("count_right", padded ? pad.right() : 0);
          }
          return List.of(new Launch(pooling, n -> Ranges.planes(site, y.h(), y.w(), n * blocks)));
        });
  }
}
