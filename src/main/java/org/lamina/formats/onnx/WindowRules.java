package org.lamina.formats.onnx;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.onnx.Operand.Activation;

/** Convolutions and poolings. */
final class WindowRules {

  private WindowRules() {}

  static void addTo(Map<String, Operators.Rule> rules) {
    rules.put("Conv", (Operators.One) WindowRules::conv);
    rules.put("ConvTranspose", (Operators.One) WindowRules::convTranspose);
    rules.put("MaxPool", (Operators.One) WindowRules::maxPool);
    rules.put("AveragePool", (Operators.One) WindowRules::averagePool);
    rules.put("GlobalAveragePool", (Operators.One) call -> global(call, "global_avg_pool"));
    rules.put("GlobalMaxPool", (Operators.One) call -> global(call, "global_max_pool"));
  }

  /** Returns height and width of the weights of a convolution. */
  private static int[] window(Values weight, Spatial x) {
    List<Integer> dims = weight.dims();
    if (dims.size() != x.axes() + 2) {
      throw Unfit.because(
          "its weights are %s, but there are %d axes of space", Dims.text(dims), x.axes());
    }
    return x.axes() == 2
        ? new int[] {dims.get(2), dims.get(3)}
        : new int[] {1, x.axes() == 1 ? dims.get(2) : 1};
  }

  private static int groups(Call call) {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, call.integer("group", 1)));
  }

  private static Activation conv(Call call) {
    Spatial x = Spatial.of(call, 0);
    Values weight = call.constant(1);
    Optional<Values> bias = call.optional(2);
    Window window = Window.of(call, x, Optional.of(window(weight, x)));
    requireSameWindow(window, weight, x);
    int groups = groups(call);
    if ((long) weight.dims().get(1) * groups != x.channels()) {
      throw Unfit.because(
          "its weights %s in %d groups do not fit %d channels",
          Dims.text(weight.dims()), groups, x.channels());
    }
    Map<String, Object> fields =
        Call.fields(
            "filters", weight.dims().get(0),
            "kernel", window.kernelField(),
            "stride", window.strideField(),
            "pad", window.padField(),
            "dilation", window.dilationField(),
            "groups", groups,
            "bias", bias.isPresent());
    Activation y = x.layer(call, call.hint(weight), "conv", fields);
    call.net().weight(y, "weight", weight);
    bias.ifPresent(values -> call.net().weight(y, "bias", values));
    return y;
  }

  private static void requireSameWindow(Window window, Values weight, Spatial x) {
    int[] given = window(weight, x);
    if (given[0] != window.kernel()[0] || given[1] != window.kernel()[1]) {
      throw Unfit.because(
          "kernel_shape is %s, but the weights are %s",
          window.kernelField(), Dims.text(weight.dims()));
    }
  }

  private static Activation convTranspose(Call call) {
    Spatial x = Spatial.of(call, 0);
    Values weight = call.constant(1);
    Optional<Values> bias = call.optional(2);
    TransposedWindow window = TransposedWindow.of(call, x, window(weight, x));
    int groups = groups(call);
    if (weight.dims().get(0) != x.channels()) {
      throw Unfit.because(
          "its weights %s do not fit %d channels", Dims.text(weight.dims()), x.channels());
    }
    Map<String, Object> fields =
        Call.fields(
            "filters", Math.multiplyExact(weight.dims().get(1), groups),
            "kernel", Window.pair(window.kernel()),
            "stride", Window.pair(window.stride()),
            "pad", window.padField(),
            "output_padding", Window.pair(window.outputPad()),
            "dilation", Window.pair(window.dilation()),
            "groups", groups,
            "bias", bias.isPresent());
    Activation y = x.layer(call, call.hint(weight), "conv_transpose", fields);
    call.net().weight(y, "weight", weight);
    bias.ifPresent(values -> call.net().weight(y, "bias", values));
    return y;
  }

  private static String rounding(Call call) {
    return call.integer("ceil_mode", 0) != 0 ? "ceil" : "floor";
  }

  private static Activation maxPool(Call call) {
    if (call.isRead(1)) {
      throw Unfit.because(
          "its second result is read: the indices of the maxima, which are integers");
    }
    Spatial x = Spatial.of(call, 0);
    Window window = Window.of(call, x, Optional.empty());
    Map<String, Object> fields =
        Call.fields(
            "kernel", window.kernelField(),
            "stride", window.strideField(),
            "pad", window.padField(),
            "round", rounding(call));
    if (window.isDilated()) {
      return DilatedPooling.max(call, x, window, rounding(call).equals("ceil"));
    }
    return x.layer(call, call.hint(), "max_pool", fields);
  }

  private static Activation averagePool(Call call) {
    Spatial x = Spatial.of(call, 0);
    Window window = Window.of(call, x, Optional.empty());
    boolean counted = call.integer("count_include_pad", 0) != 0;
    Map<String, Object> fields =
        Call.fields(
            "kernel", window.kernelField(),
            "stride", window.strideField(),
            "pad", window.padField(),
            "round", rounding(call),
            "count_padding", counted);
    if (window.isDilated()) {
      return DilatedPooling.average(call, x, window, rounding(call).equals("ceil"), counted);
    }
    return x.layer(call, call.hint(), "avg_pool", fields);
  }

  private static Activation global(Call call, String type) {
    Spatial x = Spatial.of(call, 0);
    return x.layer(call, call.hint(), type, Map.of());
  }
}
