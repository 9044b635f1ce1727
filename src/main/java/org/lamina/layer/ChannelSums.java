package org.lamina.layer;

import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Range;
import org.lamina.tensor.Chw;

/** The gradient of a bias: the sum of every channel of dy. */
final class ChannelSums {

  // Work-items of a work-group, see the kernel.
  private static final int GROUP = 128;
  // Neighbouring work-items read neighbouring pixels or, where there are fewer, channels.
  private static final int FEWEST_PIXELS = 8;

  private ChannelSums() {}

  /** Returns the launch for the gradient by the second parameter, a bias. */
  static Launch bias(Bindings bindings) {
    return bind(bindings, bindings.parameterGradients().get(1).orElseThrow());
  }

  /** Returns the launch that writes or adds the sums to {@code to}. */
  static Launch bind(Bindings bindings, Floats to) {
    View dy = bindings.gradient();
    Chw shape = dy.shape();
    boolean shared = !bindings.family().isCpu() && shape.h() * shape.w() >= FEWEST_PIXELS;
    Kernel kernel =
        bindings.program("channel_sums.cl").kernel(shared ? "channel_sums_shared" : "channel_sums");
    dy.bind(kernel, "dy");
    to.bind(kernel, "sums");
    kernel.set("height", shape.h()).set("width", shape.w());
    if (shared) {
      return new Launch(kernel, n -> Range.cover((long) GROUP * shape.c(), 1, 1, GROUP, 1, 1));
    }
    kernel.set("channels", shape.c());
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), dy.blocks(), 1));
  }
}
