package org.lamina.layer;

import java.util.List;
import java.util.Set;

/** The element-wise layers by their formulas; dropout is none in inference. */
record ActivationReference(Layer layer) implements Reference {

  // OpenCL allows exp 3 ulp, tanh 5, pow and erfc 16, a division 2.5; an ulp is two errors.
  private static final double TRANSCENDENTAL = 16 * ROUNDING;
  private static final double LOOSE = 64 * ROUNDING;

  /** Layers of which some values need no rounding at all, or only that of a product. */
  private static final Set<Class<? extends Layer>> EXACT =
      Set.of(Absolute.class, Clip.class, Dropout.class, LeakyRelu.class, Relu.class);

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    return apply(Result.exact(inputs.get(0)));
  }

  /** Returns the activation of a result that is itself only known to a certain error. */
  Result apply(Result x) {
    double[] y = new double[x.y().length];
    double[] allowed = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      double exact = value(x.y()[i]);
      y[i] = Math.abs(exact) > Float.MAX_VALUE ? (float) exact : exact;
      allowed[i] = steepest() * x.allowed()[i] + rounding(x.y()[i], y[i]);
      if (rounding(x.y()[i], 1) > 0) {
        // Devices may flush what is smaller to zero, also an exponential that x is multiplied by.
        allowed[i] += Float.MIN_NORMAL * Math.max(1, Math.min(1000, Math.abs(x.y()[i])));
      }
    }
    return new Result(y, allowed);
  }

  private double value(double x) {
    if (layer instanceof Relu) {
      return x <= 0 ? 0 : x;
    } else if (layer instanceof LeakyRelu leaky) {
      return x >= 0 ? x : leaky.slope() * x;
    } else if (layer instanceof Clip clip) {
      return clipped(x, clip);
    } else if (layer instanceof Absolute) {
      return x < 0 ? -x : x;
    } else if (layer instanceof Power power) {
      return Math.pow(power.shift() + power.scale() * x, power.exponent());
    } else if (layer instanceof Exponential) {
      return Math.exp(x);
    } else if (layer instanceof Logarithm) {
      return Math.log(x);
    }
    return smooth(x);
  }

  private static double clipped(double x, Clip clip) {
    boolean below = x < clip.min() && clip.min() > -Float.MAX_VALUE;
    boolean above = x > clip.max() && clip.max() < Float.MAX_VALUE;
    return below ? (float) clip.min() : above ? (float) clip.max() : x;
  }

  private double smooth(double x) {
    if (layer instanceof Sigmoid) {
      return sigmoid(x);
    } else if (layer instanceof Tanh) {
      return Math.tanh(x);
    } else if (layer instanceof Elu elu) {
      return x >= 0 ? x : elu.alpha() * Math.expm1(x);
    } else if (layer instanceof Selu selu) {
      return selu.gamma() * (x >= 0 ? x : selu.alpha() * Math.expm1(x));
    } else if (layer instanceof Softplus) {
      return softplus(x);
    } else if (layer instanceof HardSigmoid hard) {
      return Math.min(Math.max(hard.alpha() * x + hard.beta(), 0), 1);
    } else if (layer instanceof HardSwish) {
      return Math.abs(x) == Double.POSITIVE_INFINITY
          ? Math.max(x, 0)
          : x * (Math.min(Math.max(x + 3, 0), 6) / 6);
    } else if (layer instanceof Swish swish) {
      return x * sigmoid(swish.beta() * x);
    } else if (layer instanceof Mish) {
      return x * Math.tanh(softplus(x));
    } else if (layer instanceof Gelu gelu) {
      return gelu.approximate() == Gelu.Approximation.TANH
          ? x * sigmoid(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))
          : x * normal(x);
    }
    return x;
  }

  private static double sigmoid(double x) {
    return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
  }

  private static double softplus(double x) {
    return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
  }

  /** The normal distribution, integrated by Simpson's rule from where nothing is left of it. */
  private static double normal(double x) {
    if (x > 0) {
      return 1 - normal(-x);
    }
    int steps = 4000;
    double width = 12.0 / steps;
    double sum = 0;
    for (int i = 0; i <= steps; i++) {
      double t = x - i * width;
      sum += Math.exp(-t * t / 2) * (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return sum * width / 3 / Math.sqrt(2 * Math.PI);
  }

  private double steepest() {
    if (layer instanceof LeakyRelu leaky) {
      return Math.max(1, Math.abs(leaky.slope()));
    }
    return layer instanceof HardSwish || layer instanceof Swish ? 1.5 : 1;
  }

  /** Returns the error that the computation of y may add. */
  private double rounding(double x, double y) {
    if (layer instanceof Sigmoid || layer instanceof Tanh) {
      return TRANSCENDENTAL * Math.abs(y);
    }
    if (EXACT.contains(layer.getClass())) {
      // The slope is rounded to a float, and so is its product.
      return layer instanceof LeakyRelu && !(x >= 0) ? 2 * ROUNDING * Math.abs(y) : 0;
    }
    // What is computed on the way to y is rounded too: an error of x, and of constants beside it.
    return LOOSE * Math.abs(y) + slopeError(x);
  }

  private double slopeError(double x) {
    double step = 1e-6 * Math.max(1, Math.abs(x));
    double slope = Math.abs(value(x + step) - value(x - step)) / (2 * step);
    double beside =
        layer instanceof Power power && power.scale() != 0
            ? Math.abs(power.shift() / power.scale())
            : layer instanceof HardSigmoid ? 3 : 0;
    double error = 8 * ROUNDING * slope * (Math.abs(x) + beside);
    return Double.isFinite(error) ? error : 0;
  }
}
