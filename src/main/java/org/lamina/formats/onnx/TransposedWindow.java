package org.lamina.formats.onnx;

import java.util.List;
import java.util.Optional;

/**
 * The window of a transposed convolution along height and width.
 *
 * @param kernel its height and width
 * @param stride its steps in the result
 * @param dilation the distance of neighbours in it
 * @param pads rows and columns that the result loses: top, left, bottom, right
 * @param outputPad rows and columns that the result has more at the bottom and at the right
 */
record TransposedWindow(int[] kernel, int[] stride, int[] dilation, int[] pads, int[] outputPad) {

  /**
   * Reads the attributes of the operator.
   *
   * @param weights height and width of the weights
   */
  static TransposedWindow of(Call call, Spatial x, int[] weights) {
    int axes = x.axes();
    if (axes == 0) {
      throw Unfit.because("it reads a tensor without space");
    }
    int[] stride = Window.extents(call, "strides", axes);
    int[] dilation = Window.extents(call, "dilations", axes);
    int[] extra = both(call.integers("output_padding"), "output_padding", axes, 0);
    int[] pads = Window.explicit(call, axes);
    String auto = call.text("auto_pad", "NOTSET");
    boolean same = auto.startsWith("SAME");
    int[] in = {x.height(), x.width()};
    Optional<int[]> given = outputShape(call, axes);
    if (auto.equals("VALID")) {
      pads = new int[4];
    } else if (same || given.isPresent()) {
      int[] wanted = given.orElse(new int[] {in[0] * stride[0], in[1] * stride[1]});
      for (int i = 0; i < 2; i++) {
        long full = (in[i] - 1L) * stride[i] + extra[i] + (weights[i] - 1L) * dilation[i] + 1;
        long total = full - wanted[i];
        long smaller = Math.max(0, total) / 2;
        long larger = Math.max(0, total) - smaller;
        boolean upper = auto.equals("SAME_UPPER");
        pads[i] = Math.toIntExact(upper ? smaller : larger);
        pads[i + 2] = Math.toIntExact(upper ? larger : smaller);
        // What is missing is added where the window ends.
        extra[i] = Math.toIntExact(extra[i] + Math.max(0, -total));
      }
    }
    return new TransposedWindow(weights, stride, dilation, pads, extra);
  }

  private static Optional<int[]> outputShape(Call call, int axes) {
    return call.integers("output_shape")
        .map(
            all -> {
              // Some exporters name batch and channels as well.
              int skip = all.length == axes + 2 ? 2 : 0;
              int[] space = java.util.Arrays.copyOfRange(all, skip, all.length);
              return both(Optional.of(space), "output_shape", axes, 1);
            });
  }

  /** Returns height and width, each at least {@code least}, which is also the default. */
  private static int[] both(Optional<int[]> given, String name, int axes, int least) {
    if (given.isEmpty()) {
      return new int[] {least, least};
    }
    int[] all = given.get();
    if (all.length != axes || all[0] < least || all[axes - 1] < least) {
      throw Unfit.because(
          "%s is %s, but there are %d axes of space", name, java.util.Arrays.toString(all), axes);
    }
    return axes == 2 ? all.clone() : new int[] {least, all[0]};
  }

  List<Integer> padField() {
    return List.of(pads[0], pads[1], pads[2], pads[3]);
  }
}
