package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Softmax by ratios: 1 / y = sum over i of exp(x[i] - x), and its logarithm. */
record SoftmaxReference(boolean logarithm) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw shape = signature.output();
    int pixels = shape.h() * shape.w();
    double[] x = inputs.get(0);
    double[] y = new double[x.length];
    double[] allowed = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int first = i / (shape.c() * pixels) * shape.c() * pixels + i % pixels;
      double most = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < shape.c(); c++) {
        most = Math.max(most, x[first + c * pixels]);
      }
      double sum = 0;
      for (int c = 0; c < shape.c(); c++) {
        sum += Math.exp(x[first + c * pixels] - most);
      }
      double exact = x[i] - most - Math.log(sum);
      // The sum's rounding, that of every exponential's argument, and a few ulp for exp and log.
      double relative = 8 * Math.sqrt(shape.c()) + 16 + 2 * Math.abs(x[i] - most);
      y[i] = logarithm ? exact : Math.exp(exact);
      allowed[i] =
          logarithm
              ? (relative + 4 * Math.abs(exact) + 8 * Math.log(sum)) * ROUNDING
              : relative * ROUNDING * y[i] + Float.MIN_NORMAL;
    }
    return new Result(y, allowed);
  }
}
