package org.lamina.formats.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A sliding window along height and width.
 *
 * @param kernel its height and width
 * @param stride its steps
 * @param dilation the distance of neighbours in it
 * @param pads rows above, columns to the left, rows below, columns to the right
 */
record Window(int[] kernel, int[] stride, int[] dilation, int[] pads) {

  /**
   * Reads the attributes that windows have.
   *
   * @param in height and width of what it slides over
   * @param weights height and width of the weights, which count where {@code kernel_shape} is not
   *     given
   */
  static Window of(Call call, Spatial x, Optional<int[]> weights) {
    int axes = x.axes();
    if (axes == 0) {
      throw Unfit.because("it reads a tensor without space");
    }
    int[] kernel =
        call.integers("kernel_shape")
            .map(given -> extents("kernel_shape", given, axes))
            .or(() -> weights)
            .orElseThrow(() -> Unfit.because("it says no kernel_shape"));
    int[] stride = extents(call, "strides", axes);
    int[] dilation = extents(call, "dilations", axes);
    int[] in = {x.height(), x.width()};
    return new Window(kernel, stride, dilation, pads(call, axes, in, kernel, stride, dilation));
  }

  /** Returns height and width; 1 where the model says nothing. */
  static int[] extents(Call call, String name, int axes) {
    return call.integers(name).map(given -> extents(name, given, axes)).orElse(new int[] {1, 1});
  }

  private static int[] extents(String name, int[] given, int axes) {
    if (given.length != axes || Arrays.stream(given).anyMatch(extent -> extent < 1)) {
      throw Unfit.because(
          "%s is %s, but there are %d axes of space", name, Arrays.toString(given), axes);
    }
    return axes == 2 ? given : new int[] {1, given[0]};
  }

  /** Returns the paddings that the model gives, in Lamina's order; none if it gives none. */
  static int[] explicit(Call call, int axes) {
    int[] given = call.integers("pads").orElse(new int[2 * axes]);
    if (given.length != 2 * axes) {
      throw Unfit.because(
          "pads is %s, but there are %d axes of space", Arrays.toString(given), axes);
    }
    return axes == 2 ? given : new int[] {0, given[0], 0, given[1]};
  }

  private static int[] pads(
      Call call, int axes, int[] in, int[] kernel, int[] stride, int[] dilation) {
    String auto = call.text("auto_pad", "NOTSET");
    switch (auto) {
      case "NOTSET", "" -> {
        return explicit(call, axes);
      }
      case "VALID" -> {
        return new int[4];
      }
      case "SAME_UPPER", "SAME_LOWER" -> {
        int[] pads = new int[4];
        for (int i = 0; i < 2; i++) {
          long out = (in[i] + (long) stride[i] - 1) / stride[i];
          long span = (kernel[i] - 1L) * dilation[i] + 1;
          long total = Math.max(0, (out - 1) * stride[i] + span - in[i]);
          long smaller = total / 2;
          boolean upper = auto.equals("SAME_UPPER");
          pads[i] = fit(upper ? smaller : total - smaller);
          pads[i + 2] = fit(upper ? total - smaller : smaller);
        }
        return pads;
      }
      default -> throw Unfit.because("auto_pad is '%s'", auto);
    }
  }

  private static int fit(long pad) {
    if (pad > Integer.MAX_VALUE) {
      throw Unfit.because("it pads by %d", pad);
    }
    return (int) pad;
  }

  List<Integer> kernelField() {
    return pair(kernel);
  }

  List<Integer> strideField() {
    return pair(stride);
  }

  List<Integer> dilationField() {
    return pair(dilation);
  }

  List<Integer> padField() {
    return List.of(pads[0], pads[1], pads[2], pads[3]);
  }

  boolean isDilated() {
    return dilation[0] != 1 && kernel[0] != 1 || dilation[1] != 1 && kernel[1] != 1;
  }

  static List<Integer> pair(int[] extents) {
    return List.of(extents[0], extents[1]);
  }
}
