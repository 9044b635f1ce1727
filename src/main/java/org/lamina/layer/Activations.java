package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/**
 * What the element-wise activations share: their codes in {@code opencl/common/activation.clh}, and
 * the kernel that applies one by itself.
 */
final class Activations {

  /**
   * An activation as the kernels take it.
   *
   * @param code which function
   * @param slope the factor for negative values where the function has one
   */
  record Code(int code, float slope) {
    /** Binds the arguments {@code activation} and {@code slope} of a kernel. */
    void bind(Kernel kernel) {
      kernel.set("activation", code).set("slope", slope);
    }
  }

  private Activations() {}

  /** Returns whether a layer is an activation that other layers' kernels can apply. */
  static boolean isActivation(Layer layer) {
    return layer instanceof Relu
        || layer instanceof LeakyRelu
        || layer instanceof Sigmoid
        || layer instanceof Tanh;
  }

  /** Returns the code of the fused activation, or of the identity. */
  static Code code(Optional<Layer> fused) {
    if (fused.isEmpty()) {
      return new Code(0, 0);
    }
    Layer layer = fused.get();
    if (layer instanceof Relu) {
      return new Code(1, 0);
    }
    if (layer instanceof LeakyRelu leaky) {
      return new Code(2, (float) leaky.slope());
    }
    if (layer instanceof Sigmoid) {
      return new Code(3, 0);
    }
    if (layer instanceof Tanh) {
      return new Code(4, 0);
    }
    throw new IllegalArgumentException(layer + " is not an activation");
  }

  /** Returns the program that applies {@code activation} by itself. */
  static LayerProgram compile(Site site, Layer activation) {
    Chw shape = site.signature().output();
    return LayerProgram.plain(
        List.of(Layout.of(site.vector())),
        site.vector(),
        Aliasing.IN_PLACE,
        bindings -> {
          Kernel kernel = bindings.program("activation.cl").kernel("activation_forward");
          bindings.input().bind(kernel, "x");
          bindings.output().bind(kernel, "y");
          code(Optional.of(activation)).bind(kernel);
          int blocks = bindings.output().blocks();
          kernel.set("blocks", blocks).set("height", shape.h()).set("width", shape.w());
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
        });
  }
}
