package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/** Layers that give elements another place, and change none; each says where one comes from. */
record MoveReference(Layer layer) implements Reference {

  @Override
  public Result forward(
      Signature signature, int images, List<double[]> inputs, List<double[]> parameters) {
    Chw xs = signature.input();
    Chw ys = signature.output();
    int in = Math.toIntExact(xs.volume());
    int out = Math.toIntExact(ys.volume());
    double[] y = new double[images * out];
    for (int i = 0; i < y.length; i++) {
      int c = i % out / (ys.h() * ys.w());
      int from = source(xs, c, i % out / ys.w() % ys.h(), i % ys.w(), i % out);
      y[i] = from < 0 ? value() : inputs.get(0)[i / out * in + from];
    }
    return Result.exact(y);
  }

  private double value() {
    return (float) ((Pad) layer).value();
  }

  /** Returns which element of x stands at (c, h, w), element i of y; -1 if none does. */
  private int source(Chw x, int c, int h, int w, int i) {
    if (layer instanceof Slice slice) {
      int at = slice.first(x);
      return switch (slice.axis()) {
        case CHANNEL -> index(x, at + c * slice.step(), h, w);
        case HEIGHT -> index(x, c, at + h * slice.step(), w);
        case WIDTH -> index(x, c, h, at + w * slice.step());
      };
    } else if (layer instanceof Pad pad) {
      return padded(pad, x, c, h - pad.pad().top(), w - pad.pad().left());
    } else if (layer instanceof Upsample up) {
      return index(x, c, h / up.scale().h(), w / up.scale().w());
    } else if (layer instanceof Permute permute) {
      int[] at = new int[3];
      String axes = "CHW";
      at[axes.indexOf(permute.order().name().charAt(0))] = c;
      at[axes.indexOf(permute.order().name().charAt(1))] = h;
      at[axes.indexOf(permute.order().name().charAt(2))] = w;
      return index(x, at[0], at[1], at[2]);
    } else if (layer instanceof DepthToSpace deep) {
      return pixel(deep, x, c, h, w);
    } else if (layer instanceof SpaceToDepth space) {
      int b = space.block();
      int corner = c / x.c();
      return index(x, c % x.c(), h * b + corner / b, w * b + corner % b);
    } else if (layer instanceof Reorganize reorg) {
      return reorganized(reorg.block(), x, i);
    } else if (layer instanceof ShuffleChannels shuffle) {
      int each = x.c() / shuffle.groups();
      return index(x, c % shuffle.groups() * each + c / shuffle.groups(), h, w);
    }
    return i; // a reshape
  }

  private static int index(Chw x, int c, int h, int w) {
    return (c * x.h() + h) * x.w() + w;
  }

  private static int padded(Pad pad, Chw x, int c, int h, int w) {
    boolean inside = h >= 0 && h < x.h() && w >= 0 && w < x.w();
    return inside
        ? index(x, c, h, w)
        : switch (pad.mode()) {
          case CONSTANT -> -1;
          case REFLECT -> index(x, c, mirror(h, x.h()), mirror(w, x.w()));
          case EDGE -> index(x, c, Math.min(Math.max(h, 0), x.h() - 1), edge(w, x.w()));
          case WRAP -> index(x, c, Math.floorMod(h, x.h()), Math.floorMod(w, x.w()));
        };
  }

  private static int edge(int i, int size) {
    return Math.min(Math.max(i, 0), size - 1);
  }

  private static int mirror(int i, int size) {
    int last = size - 1;
    return last - Math.abs(last - Math.abs(i));
  }

  private static int pixel(DepthToSpace layer, Chw x, int c, int h, int w) {
    int b = layer.block();
    int corner = h % b * b + w % b;
    int channel =
        layer.order() == DepthToSpace.Order.DEPTH_FIRST
            ? corner * (x.c() / (b * b)) + c
            : c * b * b + corner;
    return index(x, channel, h / b, w / b);
  }

  /** Darknet's reorg_cpu, backwards, in its own words. */
  private static int reorganized(int stride, Chw x, int index) {
    int outC = x.c() / (stride * stride);
    int i = index % x.w();
    int j = index / x.w() % x.h();
    int k = index / x.w() / x.h();
    int c2 = k % outC;
    int offset = k / outC;
    int w2 = i * stride + offset % stride;
    int h2 = j * stride + offset / stride;
    return w2 + x.w() * stride * (h2 + x.h() * stride * c2);
  }
}
