package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.tensor.Chw;

/**
 * Poolings whose windows have gaps. The maximum is that of the image shifted by every pixel of the
 * window; the mean is a convolution of every channel by itself.
 */
final class DilatedPooling {

  /** The maximum reads so many shifted images at most. */
  private static final int MOST_PIXELS = 64;

  private DilatedPooling() {}

  /** Returns how many windows fit along an axis; 0: height, 1: width. */
  private static int windows(Spatial x, Window window, int axis, boolean ceil) {
    int[] in = {x.height(), x.width()};
    long padded = (long) in[axis] + window.pads()[axis] + window.pads()[axis + 2];
    long span = (window.kernel()[axis] - 1L) * window.dilation()[axis] + 1;
    if (span > padded) {
      throw Unfit.because("its window of %d does not fit %d pixels", span, padded);
    }
    int stride = window.stride()[axis];
    long whole = (padded - span) / stride + 1;
    boolean rest = (padded - span) % stride != 0;
    boolean another = ceil && rest && whole * stride < in[axis] + window.pads()[axis];
    return Math.toIntExact(another ? whole + 1 : whole);
  }

  /** Returns the padding at the end that the last window needs. */
  private static int end(Spatial x, Window window, int axis, int count) {
    int[] in = {x.height(), x.width()};
    long span = (window.kernel()[axis] - 1L) * window.dilation()[axis] + 1;
    long last = (count - 1L) * window.stride()[axis] + span;
    return Math.toIntExact(Math.max(0, last - in[axis] - window.pads()[axis]));
  }

  static Activation max(Call call, Spatial x, Window window, boolean ceil) {
    int pixels = Math.multiplyExact(window.kernel()[0], window.kernel()[1]);
    if (pixels > MOST_PIXELS) {
      throw Unfit.because("its dilated window has %d pixels; up to %d can be", pixels, MOST_PIXELS);
    }
    int rows = windows(x, window, 0, ceil);
    int columns = windows(x, window, 1, ceil);
    List<Integer> pad =
        List.of(
            window.pads()[0],
            window.pads()[1],
            end(x, window, 0, rows),
            end(x, window, 1, columns));
    Map<String, Object> fields = Call.fields("pad", pad, "value", (double) -Float.MAX_VALUE);
    Activation padded = x.layer(call, call.hint() + "_pad", "pad", fields);
    List<Activation> shifted = new ArrayList<>();
    for (int kh = 0; kh < window.kernel()[0]; kh++) {
      Activation row =
          slice(call, padded, "height", kh * window.dilation()[0], window.stride()[0], rows);
      for (int kw = 0; kw < window.kernel()[1]; kw++) {
        shifted.add(
            slice(call, row, "width", kw * window.dilation()[1], window.stride()[1], columns));
      }
    }
    Chw view = new Chw(x.channels(), rows, columns);
    return call.net()
        .add(call.hint(), "max", Map.of(), x.item(call, view), shifted.toArray(Activation[]::new));
  }

  private static Activation slice(
      Call call, Activation x, String axis, int start, int step, int count) {
    Map<String, Object> fields =
        Call.fields(
            "axis", axis, "start", start, "end", start + (count - 1) * step + 1, "step", step);
    Chw made = call.net().output("slice", fields, x);
    return call.net().add(call.hint() + "_" + axis, "slice", fields, item(made, call, x), x);
  }

  private static List<Integer> item(Chw view, Call call, Activation like) {
    List<Integer> item = new ArrayList<>(List.of(view.c(), view.h(), view.w()));
    if (!call.net().batched()) {
      item.add(0, 1);
    }
    return item;
  }

  static Activation average(Call call, Spatial x, Window window, boolean ceil, boolean counted) {
    int rows = windows(x, window, 0, ceil);
    int columns = windows(x, window, 1, ceil);
    int channels = x.channels();
    Map<String, Object> fields =
        Call.fields(
            "filters", channels,
            "kernel", window.kernelField(),
            "stride", window.strideField(),
            "pad",
                List.of(
                    window.pads()[0],
                    window.pads()[1],
                    end(x, window, 0, rows),
                    end(x, window, 1, columns)),
            "dilation", window.dilationField(),
            "groups", channels,
            "bias", false);
    Activation sum = x.layer(call, call.hint() + "_sum", "conv", fields);
    int size = Math.multiplyExact(window.kernel()[0], window.kernel()[1]);
    int all = Math.multiplyExact(channels, size);
    Folding.requireModest(all, 0);
    call.net().weight(sum, "weight", Values.floats("1", List.of(all), () -> filled(all)));
    float[] shares = shares(x, window, rows, columns, counted);
    List<Integer> dims = x.axes() == 2 ? List.of(1, 1, rows, columns) : List.of(1, 1, columns);
    return ArithmeticRules.times(call, sum, Values.floats("1/count", dims, shares::clone));
  }

  private static float[] filled(int count) {
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Returns one through the number of pixels that count, for every window. */
  private static float[] shares(Spatial x, Window window, int rows, int columns, boolean counted) {
    int[] high = counts(x.height(), window, 0, rows, counted);
    int[] wide = counts(x.width(), window, 1, columns, counted);
    float[] shares = new float[Math.multiplyExact(rows, columns)];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (1.0 / ((double) high[i / columns] * wide[i % columns]));
    }
    return shares;
  }

  private static int[] counts(int in, Window window, int axis, int windows, boolean counted) {
    int[] counts = new int[windows];
    int low = counted ? -window.pads()[axis] : 0;
    int high = counted ? in + window.pads()[axis + 2] : in;
    for (int i = 0; i < windows; i++) {
      for (int k = 0; k < window.kernel()[axis]; k++) {
        int at = i * window.stride()[axis] - window.pads()[axis] + k * window.dilation()[axis];
        counts[i] += at >= low && at < high ? 1 : 0;
      }
    }
    return counts;
  }
}
