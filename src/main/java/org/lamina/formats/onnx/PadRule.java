package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.tensor.Chw;

/** The operator Pad, along any axes. */
final class PadRule {

  private PadRule() {}

  static Activation pad(Call call) {
    Activation x = call.activation(0);
    int rank = x.dims().size();
    int[] given =
        call.integers(call.opset() < 2 ? "paddings" : "pads", 1)
            .orElseThrow(() -> Unfit.because("it says no pads"));
    int[] axes = call.integers("", 3).orElseGet(() -> IntStream.range(0, rank).toArray());
    if (given.length != 2 * axes.length) {
      throw Unfit.because("pads is %s for %d axes", Arrays.toString(given), axes.length);
    }
    Dims.axes(axes, rank);
    int[] before = new int[rank];
    int[] after = new int[rank];
    for (int i = 0; i < axes.length; i++) {
      before[Dims.axis(axes[i], rank)] = given[i];
      after[Dims.axis(axes[i], rank)] = given[i + axes.length];
    }
    String mode = call.text("mode", "constant");
    Activation cut = cropped(call, x, before, after, mode);
    return padded(call, cut, before, after, mode);
  }

  /** Takes away what a negative padding says. */
  private static Activation cropped(
      Call call, Activation x, int[] before, int[] after, String mode) {
    Activation y = x;
    for (int axis = 0; axis < before.length; axis++) {
      if (before[axis] >= 0 && after[axis] >= 0) {
        continue;
      }
      if (!mode.equals("constant")) {
        throw Unfit.because("mode is %s and a padding is negative", mode);
      }
      int extent = x.dims().get(axis);
      int start = Math.max(0, -before[axis]);
      long count = (long) extent - start - Math.max(0, -after[axis]);
      int kept = (int) Math.max(0, count);
      y = Pieces.cut(call, y, new Slices.Cut(axis, start, 1, kept));
      before[axis] = Math.max(0, before[axis]);
      after[axis] = Math.max(0, after[axis]);
    }
    return y;
  }

  private static double value(Call call) {
    if (call.opset() < 11) {
      return FunctionRules.decimal(call.number("value", 0));
    }
    return call.optional(2).map(v -> FunctionRules.decimal((float) v.scalar())).orElse(0.0);
  }

  private static Activation padded(
      Call call, Activation x, int[] before, int[] after, String mode) {
    Assembly net = call.net();
    double value = mode.equals("constant") ? value(call) : 0;
    Activation y = x;
    List<Integer> item = net.item(x.dims());
    int rank = x.dims().size();
    boolean picture = item.size() == 3 && y.view().equals(Assembly.canonical(item));
    if (picture && before[rank - 1] + after[rank - 1] + before[rank - 2] + after[rank - 2] > 0) {
      y =
          window(
              call,
              y,
              List.of(before[rank - 2], before[rank - 1], after[rank - 2], after[rank - 1]),
              mode,
              value);
      before[rank - 1] = after[rank - 1] = before[rank - 2] = after[rank - 2] = 0;
    }
    for (int axis = rank - 1; axis >= 0; axis--) {
      if (before[axis] > 0 || after[axis] > 0) {
        y = along(call, y, axis, before[axis], after[axis], mode, value);
      }
    }
    return y;
  }

  /** Pads height and width of a result that has these axes. */
  private static Activation window(
      Call call, Activation x, List<Integer> pad, String mode, double value) {
    Map<String, Object> fields = Call.fields("pad", pad, "mode", mode, "value", value);
    Chw made = call.net().output("pad", fields, x);
    List<Integer> dims = new ArrayList<>(x.dims());
    dims.set(dims.size() - 2, made.h());
    dims.set(dims.size() - 1, made.w());
    return call.net().add(call.hint(), "pad", fields, call.net().item(dims), x);
  }

  private static Activation along(
      Call call, Activation x, int axis, int before, int after, String mode, double value) {
    Assembly net = call.net();
    int at = net.axis(axis, x.dims());
    List<Integer> item = net.item(x.dims());
    int extent = item.get(at);
    int outer = Dims.count(item, 0, at);
    int inner = Dims.count(item, at + 1, item.size());
    List<Integer> dims = Dims.with(x.dims(), axis, Math.toIntExact((long) extent + before + after));
    if (outer == 1 && x.view().c() == extent && mode.equals("constant") && value == 0) {
      Map<String, Object> fields = Call.fields("before", before, "after", after);
      return net.add(call.hint(), "pad_channels", fields, net.item(dims), x).withDims(dims);
    }
    Map<String, Object> fields =
        Call.fields("pad", List.of(before, 0, after, 0), "mode", mode, "value", value);
    Activation seen = net.as(x, outer, extent, inner);
    return net.add(call.hint(), "pad", fields, net.item(dims), seen).withDims(dims);
  }
}
