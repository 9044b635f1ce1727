package org.lamina.layer;

import java.util.List;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.tensor.Chw;

/** Local response normalisation: every element adds its square to all its neighbours' sums. */
record LocalResponseReference(LocalResponseNormalization layer) implements Reference {

  // OpenCL allows pow 16 ulp, sqrt 3 and a division 2.5; an ulp is two rounding errors.
  private static final double DAMPING = 40 * ROUNDING;

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    double[] x = inputs.get(0);
    double[] sums = new double[x.length];
    boolean across = layer.region() == Region.ACROSS_CHANNELS;
    Chw shape = signature.output();
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < shape.c(); c++) {
        for (int h = 0; h < shape.h(); h++) {
          for (int w = 0; w < shape.w(); w++) {
            scatter(shape, x, sums, n, c, h, w, across);
          }
        }
      }
    }
    int neighbours = across ? layer.size() : layer.size() * layer.size();
    double alpha = layer.average() ? layer.alpha() / neighbours : layer.alpha();
    double[] y = new double[x.length];
    double[] allowed = new double[x.length];
    double relative = Math.abs(layer.beta()) * 8 * Math.sqrt(neighbours + 1) * ROUNDING + DAMPING;
    for (int i = 0; i < y.length; i++) {
      y[i] = x[i] * Math.exp(-layer.beta() * Math.log(layer.k() + alpha * sums[i]));
      allowed[i] = relative * Math.abs(y[i]);
    }
    return new Result(y, allowed);
  }

  private void scatter(
      Chw shape, double[] x, double[] sums, int n, int c, int h, int w, boolean across) {
    double square = Math.pow(x[index(shape, n, c, h, w)], 2);
    int radius = (layer.size() - 1) / 2;
    for (int i = -radius; i <= radius; i++) {
      if (across) {
        if (c + i >= 0 && c + i < shape.c()) {
          sums[index(shape, n, c + i, h, w)] += square;
        }
        continue;
      }
      for (int j = -radius; j <= radius; j++) {
        if (h + i >= 0 && h + i < shape.h() && w + j >= 0 && w + j < shape.w()) {
          sums[index(shape, n, c, h + i, w + j)] += square;
        }
      }
    }
  }

  private static int index(Chw shape, int n, int c, int h, int w) {
    return ((n * shape.c() + c) * shape.h() + h) * shape.w() + w;
  }
}
