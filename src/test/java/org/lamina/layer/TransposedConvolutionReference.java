package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** A transposed convolution by scattering: every input pixel adds its window to the output. */
record TransposedConvolutionReference(TransposedConvolution layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw xs = signature.input();
    Chw ys = signature.output();
    Sums sums = new Sums(Math.toIntExact(images * ys.volume()));
    for (int n = 0; n < images; n++) {
      for (int c = 0; c < xs.c(); c++) {
        for (int h = 0; h < xs.h(); h++) {
          for (int w = 0; w < xs.w(); w++) {
            double x = inputs.get(0)[((n * xs.c() + c) * xs.h() + h) * xs.w() + w];
            scatter(x, n, c, h, w, xs, ys, parameters.get(0), sums);
          }
        }
      }
      for (int i = 0; layer.bias() && i < ys.volume(); i++) {
        int o = i / (ys.h() * ys.w());
        sums.add(n * Math.toIntExact(ys.volume()) + i, parameters.get(1)[o]);
      }
    }
    return sums.result();
  }

  private void scatter(
      double x, int n, int c, int h, int w, Chw xs, Chw ys, double[] weights, Sums sums) {
    int out = layer.filters() / layer.groups();
    int group = c / (xs.c() / layer.groups());
    int i = c * out * layer.kernel().h() * layer.kernel().w();
    for (int o = group * out; o < (group + 1) * out; o++) {
      for (int kh = 0; kh < layer.kernel().h(); kh++) {
        for (int kw = 0; kw < layer.kernel().w(); kw++, i++) {
          int oh = h * layer.stride().h() + kh * layer.dilation().h() - layer.pad().top();
          int ow = w * layer.stride().w() + kw * layer.dilation().w() - layer.pad().left();
          if (oh >= 0 && oh < ys.h() && ow >= 0 && ow < ys.w()) {
            sums.add(((n * ys.c() + o) * ys.h() + oh) * ys.w() + ow, weights[i] * x);
          }
        }
      }
    }
  }
}
