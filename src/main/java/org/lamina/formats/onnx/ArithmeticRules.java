package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.formats.onnx.Operand.Constant;

/** Arithmetic with constants and between results. */
final class ArithmeticRules {

  private ArithmeticRules() {}

  static void addTo(Map<String, Operators.Rule> rules) {
    rules.put("Add", (Operators.One) call -> several(call, "add"));
    rules.put("Sum", (Operators.One) call -> several(call, "add"));
    rules.put("Mul", (Operators.One) call -> several(call, "mul"));
    rules.put("Max", (Operators.One) call -> several(call, "max"));
    rules.put("Min", (Operators.One) call -> several(call, "min"));
    rules.put("Sub", (Operators.One) ArithmeticRules::sub);
    rules.put("Div", (Operators.One) ArithmeticRules::div);
    rules.put("Pow", (Operators.One) ArithmeticRules::pow);
    rules.put("Sqrt", (Operators.One) call -> power(call, call.activation(0), 0.5, 1, 0));
    rules.put("Reciprocal", (Operators.One) call -> power(call, call.activation(0), -1, 1, 0));
    rules.put("Neg", (Operators.One) call -> power(call, call.activation(0), 1, -1, 0));
  }

  private static Activation several(Call call, String type) {
    alignBatches(call);
    List<Activation> results = new ArrayList<>();
    List<Values> constants = new ArrayList<>();
    for (int i = 0; i < call.count(); i++) {
      if (aligned(call, i) instanceof Constant constant) {
        constants.add(constant.values());
      } else {
        results.add((Activation) aligned(call, i));
      }
    }
    if (results.isEmpty()) {
      throw Unfit.because("it reads constants alone");
    }
    boolean alone = call.count() == 2 && call.isOnlyReader(call.isConstant(0) ? 1 : 0);
    Activation y = results.size() == 1 ? results.get(0) : Joins.join(call, type, results);
    for (Values constant : constants) {
      y =
          switch (type) {
            case "add" -> plus(call, y, constant, alone && results.size() == 1);
            case "mul" -> times(call, y, constant);
            case "max" -> limited(call, y, constant, "min");
            default -> limited(call, y, constant, "max");
          };
    }
    return y;
  }

  private static void alignBatches(Call call) {
    if (call.opset() >= 7) {
      call.alignBatches();
    }
  }

  private static Activation limited(Call call, Activation x, Values limit, String field) {
    return FunctionRules.apply(
        call, "clip", Map.of(field, FunctionRules.decimal((float) limit.scalar())), x);
  }

  /** Returns an input; before version 7, where the second one's axes begin is an attribute. */
  private static Operand aligned(Call call, int input) {
    Operand operand = call.input(input);
    if (call.opset() >= 7 || input != 1 || !call.hasAttribute("axis")) {
      return operand instanceof Constant ? operand : call.activation(input);
    }
    int rank = call.input(0).dims().size();
    int axis = Dims.axis(call.integer("axis", 0), rank);
    List<Integer> dims = new ArrayList<>(operand.dims());
    while (dims.size() + axis < rank) {
      dims.add(1);
    }
    List<Integer> all = Dims.padded(dims, rank);
    return operand instanceof Constant constant
        ? new Constant(constant.values().withDims(all))
        : call.activation(input).withDims(all);
  }

  /**
   * Adds a constant to a result.
   *
   * @param join whether it may become the bias of the layer that made the result
   */
  static Activation plus(Call call, Activation x, Values constant, boolean join) {
    Activation seen = stretched(call, x, constant);
    if (join && seen == x && call.net().takesBias(x)) {
      Channels channels = Channels.of(call, seen, constant);
      if (channels.data() == x) {
        call.net().giveBias(x, channels.values());
        return x;
      }
    }
    if (constant.count() == 1) {
      return power(call, seen, 1, 1, value(constant));
    }
    Channels channels = Channels.of(call, seen, constant);
    Activation y = FunctionRules.apply(call, "bias", Map.of(), channels.data());
    call.net().weight(y, "bias", channels.values());
    return y;
  }

  /** Multiplies a result by a constant. */
  static Activation times(Call call, Activation x, Values constant) {
    Activation seen = stretched(call, x, constant);
    if (constant.count() == 1) {
      return power(call, seen, 1, value(constant), 0);
    }
    Channels channels = Channels.of(call, seen, constant);
    Activation y = FunctionRules.apply(call, "scale", Map.of("bias", false), channels.data());
    call.net().weight(y, "weight", channels.values());
    return y;
  }

  private static Activation stretched(Call call, Activation x, Values constant) {
    List<Integer> dims = Dims.broadcast(x.dims(), constant.dims());
    if (Dims.count(dims) == Dims.count(x.dims())) {
      return x.dims().size() == dims.size() || call.net().batched() ? x : x.withDims(dims);
    }
    if (call.net().batched() && dims.size() > x.dims().size()) {
      throw Unfit.mixesBatch("a constant of " + Dims.text(constant.dims()));
    }
    return Joins.stretched(call, x.withDims(Dims.padded(x.dims(), dims.size())), dims);
  }

  private static double value(Values constant) {
    return FunctionRules.decimal((float) constant.scalar());
  }

  /** Adds (shift + scale·x)^exponent. */
  private static Activation power(
      Call call, Activation x, double exponent, double scale, double shift) {
    return FunctionRules.apply(
        call, "power", Call.fields("exponent", exponent, "scale", scale, "shift", shift), x);
  }

  private static Activation sub(Call call) {
    alignBatches(call);
    Operand left = aligned(call, 0);
    Operand right = aligned(call, 1);
    if (left instanceof Constant constant) {
      Activation negative = power(call, (Activation) right, 1, -1, 0);
      return plus(call, negative, constant.values(), false);
    }
    if (right instanceof Constant constant) {
      Values negative = Folding.unary(constant.values(), value -> -value);
      return plus(call, (Activation) left, negative, call.isOnlyReader(0));
    }
    return Joins.join(call, "sub", List.of((Activation) left, (Activation) right));
  }

  private static Activation div(Call call) {
    alignBatches(call);
    Operand left = aligned(call, 0);
    Operand right = aligned(call, 1);
    if (left instanceof Constant constant) {
      return times(call, power(call, (Activation) right, -1, 1, 0), constant.values());
    }
    if (right instanceof Constant constant) {
      Values inverse = Folding.unary(constant.values(), value -> 1 / value);
      return times(call, (Activation) left, inverse);
    }
    return Joins.join(call, "div", List.of((Activation) left, (Activation) right));
  }

  private static Activation pow(Call call) {
    return power(call, call.activation(0), value(call.constant(1)), 1, 0);
  }
}
