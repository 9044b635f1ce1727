package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Layers with a learned factor, summand or slope for every channel. */
record ChannelReference(Layer layer) implements Reference {

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
      for (int i = plane * area; i < (plane + 1) * area; i++) {
        double factor = factor(parameters, c, x[i]);
        double summand = summand(parameters, c);
        y[i] = factor * x[i] + summand;
        boolean kept = layer instanceof ParametricRelu && x[i] >= 0;
        allowed[i] = kept ? 0 : 4 * ROUNDING * (Math.abs(factor * x[i]) + Math.abs(summand));
      }
    }
    return new Result(y, allowed);
  }

  private double factor(List<double[]> parameters, int c, double x) {
    if (layer instanceof ChannelBias || layer instanceof ParametricRelu && x >= 0) {
      return 1;
    }
    double[] weight = parameters.get(0);
    return weight[layer instanceof ParametricRelu relu && relu.shared() ? 0 : c];
  }

  private double summand(List<double[]> parameters, int c) {
    if (layer instanceof ChannelBias) {
      return parameters.get(0)[c];
    }
    return layer instanceof ChannelScale scale && scale.bias() ? parameters.get(1)[c] : 0;
  }
}
