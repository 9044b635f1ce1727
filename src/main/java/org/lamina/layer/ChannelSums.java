package org.lamina.layer;

import org.lamina.layer.GradientProgram.Bindings;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/** The gradient of a bias: the sum of every channel of dy. */
final class ChannelSums {

  private ChannelSums() {}

  /** Returns the launch for the gradient by the second parameter, a bias. */
  static Launch bias(Bindings bindings) {
    return bind(bindings, bindings.parameterGradients().get(1).orElseThrow());
  }

  /** Returns the launch that writes or adds the sums to {@code to}. */
  static Launch bind(Bindings bindings, Floats to) {
    View dy = bindings.gradient();
    Chw shape = dy.shape();
    Kernel kernel = bindings.program("channel_sums.cl").kernel("channel_sums");
    dy.bind(kernel, "dy");
    to.bind(kernel, "sums");
    kernel.set("channels", shape.c()).set("height", shape.h()).set("width", shape.w());
    return new Launch(
        kernel, n -> Ranges.elements(bindings.session(), bindings.family(), dy.blocks(), 1));
  }
}
