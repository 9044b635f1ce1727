package org.lamina.layer;

import java.util.Arrays;
import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Max and average pooling from the padded image's side: every padded pixel looks for the windows
 * that contain it.
 */
record PoolingReference(
    Extent kernel, Extent stride, Padding pad, boolean max, boolean countPadding)
    implements Reference {

  static PoolingReference of(MaxPooling layer) {
    return new PoolingReference(layer.kernel(), layer.stride(), layer.pad(), true, false);
  }

  static PoolingReference of(AveragePooling layer) {
    return new PoolingReference(
        layer.kernel(), layer.stride(), layer.pad(), false, layer.countPadding());
  }

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw ys = signature.output();
    int length = Math.toIntExact(images * ys.volume());
    double[] y = new double[length];
    double[] magnitude = new double[length];
    int[] count = new int[length];
    Arrays.fill(y, max ? Double.NEGATIVE_INFINITY : 0);
    for (int plane = 0; plane < images * ys.c(); plane++) {
      scatter(signature.input(), ys, plane, inputs.get(0), y, magnitude, count);
    }
    double[] allowed = new double[length];
    if (!max) {
      for (int o = 0; o < length; o++) {
        y[o] /= count[o];
        allowed[o] = 8 * Math.sqrt(count[o]) * ROUNDING * magnitude[o] / count[o];
      }
    }
    return new Result(y, allowed);
  }

  private void scatter(
      Chw xs, Chw ys, int plane, double[] x, double[] y, double[] magnitude, int[] count) {
    for (int h = -pad.top(); h < xs.h() + pad.bottom(); h++) {
      for (int w = -pad.left(); w < xs.w() + pad.right(); w++) {
        boolean inside = h >= 0 && h < xs.h() && w >= 0 && w < xs.w();
        double v = inside ? x[(plane * xs.h() + h) * xs.w() + w] : 0;
        for (int oh = 0; oh < ys.h(); oh++) {
          for (int ow = 0; ow < ys.w(); ow++) {
            int o = (plane * ys.h() + oh) * ys.w() + ow;
            if (covers(oh, stride.h(), pad.top(), kernel.h(), h)
                && covers(ow, stride.w(), pad.left(), kernel.w(), w)
                && (inside || countPadding)) {
              y[o] = max ? Math.max(y[o], v) : y[o] + v;
              magnitude[o] += Math.abs(v);
              count[o]++;
            }
          }
        }
      }
    }
  }

  private static boolean covers(int window, int stride, int before, int size, int position) {
    int inWindow = position - (window * stride - before);
    return inWindow >= 0 && inWindow < size;
  }
}
