package org.lamina.formats.onnx;

import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Operand.Activation;

/** Normalisations, and the softmax along any axis. */
final class NormalizationRules {

  private NormalizationRules() {}

  static void addTo(Map<String, Operators.Rule> rules) {
    rules.put("BatchNormalization", (Operators.One) NormalizationRules::batchNorm);
    rules.put("InstanceNormalization", (Operators.One) NormalizationRules::instanceNorm);
    rules.put("LRN", (Operators.One) NormalizationRules::lrn);
    rules.put("Softmax", (Operators.One) call -> softmax(call, "softmax"));
    rules.put("LogSoftmax", (Operators.One) call -> softmax(call, "log_softmax"));
  }

  private static Activation batchNorm(Call call) {
    if (call.integer("training_mode", 0) != 0) {
      throw Unfit.because("training_mode normalises by the batch, which inference does not");
    }
    for (int i = 1; i < call.outputs(); i++) {
      if (call.isRead(i)) {
        throw Unfit.because("result %d is read, which only training has", i + 1);
      }
    }
    if (call.opset() < 9 && call.integer("spatial", 1) == 0) {
      throw Unfit.because("spatial is 0: every pixel has statistics of its own");
    }
    Spatial x = Spatial.of(call, 0);
    double momentum = FunctionRules.decimal(call.number("momentum", 0.9f));
    Map<String, Object> fields =
        Call.fields(
            "epsilon",
            FunctionRules.decimal(call.number("epsilon", 1e-5f)),
            "momentum",
            Math.round((1 - momentum) * 1e6) / 1e6);
    Values scale = call.constant(1);
    Activation y = x.layer(call, call.hint(scale), "batch_norm", fields);
    call.net().weight(y, "weight", scale);
    call.net().weight(y, "bias", call.constant(2));
    call.net().weight(y, "running_mean", call.constant(3));
    call.net().weight(y, "running_var", call.constant(4));
    return y;
  }

  private static Activation instanceNorm(Call call) {
    Spatial x = Spatial.of(call, 0);
    Values scale = call.constant(1);
    Map<String, Object> fields =
        Call.fields("epsilon", FunctionRules.decimal(call.number("epsilon", 1e-5f)));
    Activation y = x.layer(call, call.hint(scale), "instance_norm", fields);
    call.net().weight(y, "weight", scale);
    call.net().weight(y, "bias", call.constant(2));
    return y;
  }

  private static Activation lrn(Call call) {
    Spatial x = Spatial.of(call, 0);
    Map<String, Object> fields =
        Call.fields(
            "size", (int) Math.min(Integer.MAX_VALUE, call.integer("size", 0)),
            "alpha", FunctionRules.decimal(call.number("alpha", 1e-4f)),
            "beta", FunctionRules.decimal(call.number("beta", 0.75f)),
            "k", FunctionRules.decimal(call.number("bias", 1)),
            "average", true);
    return x.layer(call, call.hint(), "lrn", fields);
  }

  private static Activation softmax(Call call, String type) {
    Activation x = call.activation(0);
    List<Integer> item = call.net().item(x.dims());
    boolean flattens = call.opset() < 13;
    long named = call.integer("axis", flattens ? 1 : -1);
    if (flattens && !call.net().batched() && x.dims().size() == named) {
      return along(call, type, x, Dims.count(item), 1);
    }
    int axis = call.net().axis(named, x.dims());
    int outer = Dims.count(item, 0, axis);
    return along(
        call, type, x, outer, flattens ? Dims.count(item, axis, item.size()) : item.get(axis));
  }

  /** Adds a layer that works along the channels, for a tensor seen as [outer, n, the rest]. */
  private static Activation along(Call call, String type, Activation x, int outer, int n) {
    Assembly net = call.net();
    List<Integer> item = net.item(x.dims());
    int inner = Dims.count(item) / (outer * n);
    if (outer == 1) {
      boolean fits = x.view().c() == n;
      Activation seen = fits ? x : net.as(x, n, 1, inner);
      return FunctionRules.apply(call, type, Map.of(), seen);
    }
    Activation seen = net.as(x, outer, n, inner);
    Activation turned = net.permuted(seen, call.hint() + "_in", List.of(1, 0, 2));
    Activation y = net.add(call.hint(), type, Map.of(), net.item(turned.dims()), turned);
    Activation back = net.permuted(y, call.hint() + "_out", List.of(1, 0, 2));
    return back.withDims(x.dims());
  }
}
