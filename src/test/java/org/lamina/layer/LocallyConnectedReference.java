package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Unshared convolution as a scatter: every weight multiplies the one pixel that it meets. */
record LocallyConnectedReference(LocallyConnected layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw ys = signature.output();
    int outputs = Math.toIntExact(ys.volume());
    Sums sums = new Sums(images * outputs);
    double[] weight = parameters.get(0);
    int taps = weight.length / outputs;
    for (int i = 0; i < weight.length; i++) {
      for (int n = 0; n < images; n++) {
        int from = met(signature.input(), ys, n, i / taps, i % taps);
        if (from >= 0) {
          sums.add(n * outputs + i / taps, weight[i] * inputs.get(0)[from]);
        }
      }
    }
    for (int i = 0; layer.bias() && i < images * outputs; i++) {
      sums.add(i, parameters.get(1)[i % outputs]);
    }
    return sums.result();
  }

  /** Returns where the pixel under a tap of an output lies in the input, or -1 in the padding. */
  private int met(Chw xs, Chw ys, int n, int output, int tap) {
    Extent kernel = layer.kernel();
    int h = output / ys.w() % ys.h() * layer.stride().h() - layer.pad().top();
    int w = output % ys.w() * layer.stride().w() - layer.pad().left();
    h += tap / kernel.w() % kernel.h();
    w += tap % kernel.w();
    if (h < 0 || h >= xs.h() || w < 0 || w >= xs.w()) {
      return -1;
    }
    int group = output / (ys.h() * ys.w()) * layer.groups() / ys.c();
    int c = group * (xs.c() / layer.groups()) + tap / (kernel.h() * kernel.w());
    return ((n * xs.c() + c) * xs.h() + h) * xs.w() + w;
  }
}
