package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Convolution as a scatter: every input pixel adds to the outputs whose windows contain it. */
record ConvolutionReference(Convolution layer) implements Reference {

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
            scatter(xs, ys, n, c, h, w, x, parameters.get(0), sums);
          }
        }
      }
    }
    if (layer.bias()) {
      int pixels = ys.h() * ys.w();
      for (int i = 0; i < images * ys.volume(); i++) {
        sums.add(i, parameters.get(1)[i / pixels % ys.c()]);
      }
    }
    return sums.result();
  }

  private void scatter(
      Chw xs, Chw ys, int n, int c, int h, int w, double x, double[] weight, Sums sums) {
    int channels = xs.c() / layer.groups();
    int filters = ys.c() / layer.groups();
    int group = c / channels;
    for (int kh = 0; kh < layer.kernel().h(); kh++) {
      int oh =
          window(h + layer.pad().top() - kh * layer.dilation().h(), layer.stride().h(), ys.h());
      for (int kw = 0; oh >= 0 && kw < layer.kernel().w(); kw++) {
        int ow =
            window(w + layer.pad().left() - kw * layer.dilation().w(), layer.stride().w(), ys.w());
        for (int o = group * filters; ow >= 0 && o < (group + 1) * filters; o++) {
          int tap =
              ((o * channels + c % channels) * layer.kernel().h() + kh) * layer.kernel().w() + kw;
          sums.add(((n * ys.c() + o) * ys.h() + oh) * ys.w() + ow, weight[tap] * x);
        }
      }
    }
  }

  /** Returns the window that begins at a padded position, or -1 if none does. */
  private static int window(int begin, int stride, int windows) {
    return begin >= 0 && begin % stride == 0 && begin / stride < windows ? begin / stride : -1;
  }
}
