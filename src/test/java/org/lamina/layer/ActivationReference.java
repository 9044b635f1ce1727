package org.lamina.layer;

import java.util.List;

/** The element-wise layers by their formulas; dropout is none in inference. */
record ActivationReference(Layer layer) implements Reference {

  // OpenCL allows exp 3 ulp, tanh 5 and a division 2.5; an ulp is two rounding errors.
  private static final double TRANSCENDENTAL = 16 * ROUNDING;

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
      y[i] = value(x.y()[i]);
      allowed[i] = steepest() * x.allowed()[i] + rounding(x.y()[i]) * Math.abs(y[i]);
      if (rounding(x.y()[i]) > 0) {
        allowed[i] += Float.MIN_NORMAL; // devices may flush results below to zero
      }
    }
    return new Result(y, allowed);
  }

  private double value(double x) {
    if (layer instanceof Relu) {
      return x <= 0 ? 0 : x;
    }
    if (layer instanceof LeakyRelu leaky) {
      return x >= 0 ? x : leaky.slope() * x;
    }
    if (layer instanceof Sigmoid) {
      return x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x));
    }
    if (layer instanceof Tanh) {
      return Math.tanh(x);
    }
    return x;
  }

  private double steepest() {
    return layer instanceof LeakyRelu leaky ? Math.max(1, Math.abs(leaky.slope())) : 1;
  }

  private double rounding(double x) {
    if (layer instanceof Sigmoid || layer instanceof Tanh) {
      return TRANSCENDENTAL;
    }
    // The slope is rounded to a float, and so is its product.
    return layer instanceof LeakyRelu && !(x >= 0) ? 2 * ROUNDING : 0;
  }
}
