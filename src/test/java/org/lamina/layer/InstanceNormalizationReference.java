package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Instance normalisation as in its definition, a plane at a time. */
record InstanceNormalizationReference(InstanceNormalization layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw shape = signature.output();
    int area = shape.h() * shape.w();
    double[] x = inputs.get(0);
    double[] y = new double[x.length];
    double[] allowed = new double[x.length];
    for (int plane = 0; plane < images * shape.c(); plane++) {
      int c = plane % shape.c();
      double mean = 0;
      double largest = 0;
      for (int i = plane * area; i < (plane + 1) * area; i++) {
        mean += x[i] / area;
        largest = Math.max(largest, Math.abs(x[i]));
      }
      double variance = 0;
      for (int i = plane * area; i < (plane + 1) * area; i++) {
        variance += (x[i] - mean) * (x[i] - mean) / area;
      }
      double deviation = Math.sqrt(variance + layer.epsilon());
      double factor = layer.affine() ? parameters.get(0)[c] : 1;
      double summand = layer.affine() ? parameters.get(1)[c] : 0;
      for (int i = plane * area; i < (plane + 1) * area; i++) {
        y[i] = factor * (x[i] - mean) / deviation + summand;
        double magnitude = Math.abs(factor) * largest / deviation + Math.abs(summand);
        allowed[i] = 16 * ROUNDING * magnitude;
      }
    }
    return new Result(y, allowed);
  }
}
