package org.lamina.formats.onnx;

import java.util.Map;
import java.util.function.Function;
import org.lamina.formats.onnx.Operand.Activation;

/** Functions of every element by itself. */
final class FunctionRules {

  private static final int HALF = 10;
  private static final int BFLOAT = 16;

  private FunctionRules() {}

  static void addTo(Map<String, Operators.Rule> rules) {
    plain(rules, "Relu", "relu");
    plain(rules, "Sigmoid", "sigmoid");
    plain(rules, "Tanh", "tanh");
    plain(rules, "Softplus", "softplus");
    plain(rules, "HardSwish", "hard_swish");
    plain(rules, "Mish", "mish");
    plain(rules, "Abs", "abs");
    plain(rules, "Exp", "exp");
    plain(rules, "Log", "log");
    function(rules, "LeakyRelu", "leaky_relu", c -> Map.of("slope", number(c, "alpha", 0.01f)));
    function(rules, "Elu", "elu", c -> Map.of("alpha", number(c, "alpha", 1)));
    function(
        rules,
        "HardSigmoid",
        "hard_sigmoid",
        c -> Map.of("alpha", number(c, "alpha", 0.2f), "beta", number(c, "beta", 0.5f)));
    function(rules, "Selu", "selu", FunctionRules::selu);
    function(rules, "Clip", "clip", FunctionRules::clip);
    rules.put("PRelu", (Operators.One) FunctionRules::prelu);
    rules.put("Dropout", (Operators.One) FunctionRules::dropout);
    rules.put("Identity", (Operators.One) call -> call.activation(0));
    rules.put("Cast", (Operators.One) FunctionRules::cast);
  }

  private static void plain(Map<String, Operators.Rule> rules, String operator, String type) {
    function(rules, operator, type, call -> Map.of());
  }

  private static void function(
      Map<String, Operators.Rule> rules,
      String operator,
      String type,
      Function<Call, Map<String, ?>> fields) {
    rules.put(
        operator,
        (Operators.One) call -> apply(call, type, fields.apply(call), call.activation(0)));
  }

  /** Adds a layer that leaves extents and view as they are. */
  static Activation apply(Call call, String type, Map<String, ?> fields, Activation x) {
    return call.net().add(call.hint(), type, fields, call.net().item(x.dims()), x);
  }

  /** Returns the decimal number that was meant by a float: 0.1 and not 0.10000000149. */
  static double decimal(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private static double number(Call call, String attribute, float fallback) {
    return decimal(call.number(attribute, fallback));
  }

  private static Map<String, ?> selu(Call call) {
    // Version 1 had these constants with fewer digits.
    float alpha = call.opset() < 6 ? 1.6732f : 1.67326319217681884765625f;
    float gamma = call.opset() < 6 ? 1.0507f : 1.05070102214813232421875f;
    return Map.of("alpha", number(call, "alpha", alpha), "gamma", number(call, "gamma", gamma));
  }

  private static Map<String, ?> clip(Call call) {
    double low = -Float.MAX_VALUE;
    double high = Float.MAX_VALUE;
    double min =
        call.opset() < 11
            ? number(call, "min", -Float.MAX_VALUE)
            : call.optional(1).map(FunctionRules::limit).orElse(low);
    double max =
        call.opset() < 11
            ? number(call, "max", Float.MAX_VALUE)
            : call.optional(2).map(FunctionRules::limit).orElse(high);
    min = Math.max(low, Math.min(high, min));
    max = Math.max(low, Math.min(high, max));
    // Where the limits are crossed, the upper one counts.
    return Call.fields("min", Math.min(min, max), "max", max);
  }

  private static double limit(Values value) {
    return decimal((float) value.scalar());
  }

  private static Activation prelu(Call call) {
    Activation x = call.activation(0);
    Values slope = call.constant(1);
    if (slope.count() == 1) {
      Activation y = apply(call, "prelu", Map.of("shared", true), x);
      call.net().weight(y, "weight", slope);
      return y;
    }
    // Version 6 has one slope for every channel, whatever the number of axes.
    boolean perChannel =
        call.opset() < 7
            && slope.dims().size() == 1
            && x.dims().size() > 2
            && slope.count() == x.dims().get(1);
    Values aligned =
        perChannel ? slope.withDims(Channels.perChannel(slope.count(), x.dims().size())) : slope;
    Channels channels = Channels.of(call, x, aligned);
    Activation y = apply(call, "prelu", Map.of(), channels.data());
    call.net().weight(y, "weight", channels.values());
    return y;
  }

  private static Activation dropout(Call call) {
    if (call.wants(1) && call.isRead(1)) {
      throw Unfit.because("its second result, the mask, is read; only training has one");
    }
    double ratio =
        call.opset() < 12
            ? call.number("ratio", 0.5f)
            : call.optional(1).map(Values::scalar).orElse(0.5);
    boolean training =
        call.opset() >= 12
            ? call.optional(2).map(Values::scalar).orElse(0.0) != 0
            : call.opset() < 7 && call.integer("is_test", 1) == 0;
    if (training && ratio > 0) {
      throw Unfit.because("it drops values at random (training_mode), which inference does not");
    }
    double p = Math.max(0, Math.min(decimal((float) ratio), 0.999));
    return apply(call, "dropout", Map.of("p", p), call.activation(0));
  }

  private static Activation cast(Call call) {
    int type = FoldingRules.castType(call);
    boolean real = Elements.type(type).map(t -> t.readable()).orElse(false);
    if (!real) {
      throw Unfit.because("it makes %s; results of layers are floats", Elements.typeName(type));
    }
    boolean rounds = type == HALF || type == BFLOAT;
    if (rounds && call.isResult(0)) {
      throw Unfit.because(
          "it rounds a result of the model to %s, and Lamina computes in f32",
          Elements.typeName(type));
    }
    return call.activation(0);
  }
}
