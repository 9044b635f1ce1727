package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Two or more inputs combined element by element, each stretched where it is 1. */
record ElementwiseReference(Layer layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw shape = signature.output();
    int volume = Math.toIntExact(shape.volume());
    double[] y = new double[images * volume];
    double[] allowed = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      int n = i / volume;
      int c = i / (shape.h() * shape.w()) % shape.c();
      int h = i / shape.w() % shape.h();
      int w = i % shape.w();
      y[i] = element(inputs.get(0), signature.inputs().get(0), n, c, h, w);
      double magnitude = Math.abs(y[i]);
      for (int k = 1; k < inputs.size(); k++) {
        double x = element(inputs.get(k), signature.inputs().get(k), n, c, h, w);
        y[i] = combine(y[i], x);
        magnitude = additive() ? magnitude + Math.abs(x) : Math.abs(y[i]);
      }
      // A division may be 2.5 ulp off, which is five rounding errors.
      allowed[i] = 5 * (inputs.size() - 1) * ROUNDING * magnitude;
      if (layer instanceof Maximum || layer instanceof Minimum) {
        allowed[i] = 0;
      }
    }
    return new Result(y, allowed);
  }

  private static double element(double[] x, Chw shape, int n, int c, int h, int w) {
    int channel = n * shape.c() + Math.min(c, shape.c() - 1);
    int row = channel * shape.h() + Math.min(h, shape.h() - 1);
    return x[row * shape.w() + Math.min(w, shape.w() - 1)];
  }

  private boolean additive() {
    return layer instanceof Add || layer instanceof Subtract;
  }

  private double combine(double a, double b) {
    if (layer instanceof Multiply) {
      return a * b;
    } else if (layer instanceof Divide) {
      return a / b;
    } else if (layer instanceof Maximum) {
      return Math.max(a, b);
    } else if (layer instanceof Minimum) {
      return Math.min(a, b);
    }
    return layer instanceof Subtract ? a - b : a + b;
  }
}
