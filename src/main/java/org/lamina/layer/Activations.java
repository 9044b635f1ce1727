package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Kernel;
import org.lamina.tensor.Chw;

/**
 * What the element-wise functions share: their codes in {@code opencl/common/activation.clh} and
 * {@code opencl/activation.cl}, and the kernel that applies one by itself.
 */
final class Activations {

  /**
   * An activation as the kernels take it.
   *
   * @param code which function
   * @param slope the function's first constant, where it has one
   * @param shift the second
   * @param exponent the third
   */
  record Code(int code, float slope, float shift, float exponent) {
    Code(int code, double slope, double shift) {
      this(code, (float) slope, (float) shift, 1);
    }

    Code(int code, double slope) {
      this(code, slope, 0);
    }

    /** Binds the arguments {@code activation} and {@code slope} of a kernel. */
    void bind(Kernel kernel) {
      kernel.set("activation", code).set("slope", slope);
    }
  }

  /** Codes from here on are known to activation.cl alone. */
  private static final int ALONE = 16;

  /** Up to this code the derivative is a function of the result. */
  private static final int LAST_BY_RESULT = 5;

  private Activations() {}

  /** Returns whether a layer is an activation that other layers' kernels can apply. */
  static boolean isActivation(Layer layer) {
    return find(layer).filter(code -> code.code() < ALONE).isPresent();
  }

  /** Returns the code of the fused activation, or of the identity. */
  static Code code(Optional<Layer> fused) {
    return fused
        .map(layer -> find(layer).orElseThrow(() -> notAnActivation(layer)))
        .orElse(new Code(0, 0));
  }

  private static IllegalArgumentException notAnActivation(Layer layer) {
    return new IllegalArgumentException(layer + " is not an activation");
  }

  private static Optional<Code> find(Layer layer) {
    return common(layer).or(() -> bent(layer)).or(() -> plain(layer));
  }

  /** The functions of activation.clh: frequent, and short enough to be part of every kernel. */
  private static Optional<Code> common(Layer layer) {
    Code code = null;
    if (layer instanceof Relu) {
      code = new Code(1, 0);
    } else if (layer instanceof LeakyRelu leaky) {
      code = new Code(2, leaky.slope());
    } else if (layer instanceof Sigmoid) {
      code = new Code(3, 0);
    } else if (layer instanceof Tanh) {
      code = new Code(4, 0);
    } else if (layer instanceof Clip clip && clip.min() == 0) {
      code = new Code(5, limit(clip.max()));
    } else if (layer instanceof HardSwish) {
      code = new Code(6, 0);
    } else if (layer instanceof Swish swish) {
      code = new Code(7, swish.beta());
    }
    return Optional.ofNullable(code);
  }

  /** The other functions of activation.cl that are used as activations. */
  private static Optional<Code> bent(Layer layer) {
    Code code = null;
    if (layer instanceof Elu elu) {
      code = new Code(16, elu.alpha(), 1);
    } else if (layer instanceof Selu selu) {
      code = new Code(16, selu.alpha(), selu.gamma());
    } else if (layer instanceof Softplus) {
      code = new Code(17, 0);
    } else if (layer instanceof Clip clip) {
      code = new Code(18, limit(clip.min()), limit(clip.max()));
    } else if (layer instanceof HardSigmoid hard) {
      code = new Code(19, hard.alpha(), hard.beta());
    } else if (layer instanceof Gelu gelu) {
      code = new Code(gelu.approximate() == Gelu.Approximation.NONE ? 20 : 21, 0);
    } else if (layer instanceof Mish) {
      code = new Code(22, 0);
    }
    return Optional.ofNullable(code);
  }

  /** The functions that are arithmetic and no activations. */
  private static Optional<Code> plain(Layer layer) {
    Code code = null;
    if (layer instanceof Absolute) {
      code = new Code(23, 0);
    } else if (layer instanceof Exponential) {
      code = new Code(24, 0);
    } else if (layer instanceof Logarithm) {
      code = new Code(25, 0);
    } else if (layer instanceof Power power) {
      int which = power.exponent() == 1 ? 26 : 27;
      code =
          new Code(which, (float) power.scale(), (float) power.shift(), (float) power.exponent());
    }
    return Optional.ofNullable(code);
  }

  /** A limit at the end of the floats is none. */
  private static double limit(double value) {
    return Math.abs(value) < Float.MAX_VALUE
        ? value
        : Math.copySign(Double.POSITIVE_INFINITY, value);
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
          Code code = code(Optional.of(activation));
          code.bind(kernel);
          kernel.set("shift", code.shift()).set("exponent", code.exponent());
          int blocks = bindings.output().blocks();
          kernel.set("blocks", blocks).set("channels", shape.c());
          kernel.set("height", shape.h()).set("width", shape.w());
          return List.of(
              new Launch(kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
        });
  }

  /** Returns the way back through an activation. */
  static GradientProgram backward(GradientSite site, Layer activation) {
    Code code = code(Optional.of(activation));
    if (code.code() > LAST_BY_RESULT) {
      return backwardByInput(site, code);
    }
    // From the result, which other layers read anyway, unless it does not tell the sign.
    boolean byInput = activation instanceof LeakyRelu leaky && leaky.slope() < 0;
    Chw shape = site.signature().output();
    GradientProgram program =
        GradientProgram.ofGradient(
            site,
            GradientProgram.Aliasing.IN_PLACE,
            bindings -> {
              View y = byInput ? bindings.input() : bindings.output().orElseThrow();
              Kernel kernel =
                  bindings.program("activation_gradient.cl").kernel("activation_backward");
              y.bind(kernel, "y");
              bindings.gradient().bind(kernel, "dy");
              bindings.inputGradient().bind(kernel, "dx");
              code.bind(kernel);
              int blocks = y.blocks();
              kernel.set("blocks", blocks).set("height", shape.h()).set("width", shape.w());
              return List.of(
                  new Launch(
                      kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
            });
    return byInput ? program.readingInputs() : program.readingOutput();
  }

  private static GradientProgram backwardByInput(GradientSite site, Code code) {
    Chw shape = site.signature().output();
    return GradientProgram.ofGradient(
            site,
            GradientProgram.Aliasing.IN_PLACE,
            bindings -> {
              Kernel kernel = bindings.program("function_gradient.cl").kernel("function_backward");
              bindings.input().bind(kernel, "x");
              bindings.gradient().bind(kernel, "dy");
              bindings.inputGradient().bind(kernel, "dx");
              code.bind(kernel);
              kernel.set("shift", code.shift()).set("exponent", code.exponent());
              int blocks = bindings.gradient().blocks();
              kernel.set("blocks", blocks).set("channels", shape.c());
              kernel.set("height", shape.h()).set("width", shape.w());
              return List.of(
                  new Launch(
                      kernel, n -> Ranges.planes(bindings, shape.h(), shape.w(), n * blocks)));
            })
        .readingInputs();
  }
}
