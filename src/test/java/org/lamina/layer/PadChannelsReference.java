package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Copies whole images into larger ones that are zero. */
record PadChannelsReference(PadChannels layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw xs = signature.input();
    int in = Math.toIntExact(xs.volume());
    int out = Math.toIntExact(signature.output().volume());
    double[] y = new double[images * out];
    for (int n = 0; n < images; n++) {
      int first = n * out + layer.before() * xs.h() * xs.w();
      System.arraycopy(inputs.get(0), n * in, y, first, in);
    }
    return Result.exact(y);
  }
}
