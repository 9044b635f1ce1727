package org.lamina.layer;

import java.util.List;
import java.util.stream.DoubleStream;
import org.lamina.tensor.Chw;

/** The mean or maximum of every plane. */
record GlobalPoolingReference(boolean max) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw xs = signature.input();
    int pixels = xs.h() * xs.w();
    double[] y = new double[images * xs.c()];
    double[] allowed = new double[y.length];
    for (int plane = 0; plane < y.length; plane++) {
      DoubleStream values =
          DoubleStream.of(inputs.get(0)).skip((long) plane * pixels).limit(pixels);
      if (max) {
        y[plane] = values.max().getAsDouble();
        continue;
      }
      double[] x = values.toArray();
      y[plane] = DoubleStream.of(x).sum() / pixels;
      double magnitude = DoubleStream.of(x).map(Math::abs).sum() / pixels;
      // The kernel's sum is as good as exact; what is left is its rounding and the division's.
      allowed[plane] = 4 * ROUNDING * Math.abs(y[plane]) + pixels * 0x1p-44 * magnitude;
    }
    return new Result(y, allowed);
  }
}
