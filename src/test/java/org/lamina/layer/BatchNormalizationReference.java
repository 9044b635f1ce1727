package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Batch normalisation in inference, as in its definition. */
record BatchNormalizationReference(BatchNormalization layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw shape = signature.output();
    double[] mean = parameters.get(layer.affine() ? 2 : 0);
    double[] variance = parameters.get(layer.affine() ? 3 : 1);
    double[] x = inputs.get(0);
    double[] y = new double[x.length];
    double[] allowed = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int c = i / (shape.h() * shape.w()) % shape.c();
      double gamma = layer.affine() ? parameters.get(0)[c] : 1;
      double beta = layer.affine() ? parameters.get(1)[c] : 0;
      double deviation = Math.sqrt(variance[c] + layer.epsilon());
      y[i] = gamma * ((x[i] - mean[c]) / deviation) + beta;
      double magnitude =
          Math.abs(gamma) * (Math.abs(x[i]) + Math.abs(mean[c])) / deviation + Math.abs(beta);
      allowed[i] = 8 * Math.sqrt(3) * ROUNDING * magnitude;
    }
    return new Result(y, allowed);
  }
}
