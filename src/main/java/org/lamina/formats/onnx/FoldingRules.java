package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import org.lamina.formats.onnx.schema.AttributeProto;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.weights.ElementType;

/** The operators that can be worked out on constants. */
final class FoldingRules {

  private FoldingRules() {}

  static Map<String, Folding.Rule> all() {
    Map<String, Folding.Rule> rules = new HashMap<>();
    rules.put("Constant", (call, inputs) -> List.of(constant(call)));
    rules.put("ConstantOfShape", (call, inputs) -> List.of(filled(call, inputs.get(0))));
    for (String same : List.of("Identity", "Dropout")) {
      rules.put(same, (call, inputs) -> List.of(inputs.get(0)));
    }
    rules.put("Cast", (call, inputs) -> List.of(cast(call, inputs.get(0))));
    rules.put("Shape", (call, inputs) -> List.of(shape(call, inputs.get(0).dims())));
    rules.put("Reshape", (call, in) -> List.of(withDims(in.get(0), Reshapes.reshape(call))));
    rules.put("Flatten", (call, in) -> List.of(withDims(in.get(0), Reshapes.flatten(call))));
    rules.put("Squeeze", (call, in) -> List.of(withDims(in.get(0), Reshapes.squeeze(call))));
    rules.put("Unsqueeze", (call, in) -> List.of(withDims(in.get(0), Reshapes.unsqueeze(call))));
    rules.put(
        "Transpose",
        (call, in) ->
            List.of(Folding.transposed(in.get(0), Reshapes.order(call, in.get(0).dims().size()))));
    rules.put("Concat", (call, inputs) -> List.of(FoldingMoves.concat(call, inputs)));
    rules.put(
        "Slice", (call, inputs) -> List.of(FoldingMoves.slice(inputs.get(0), Slices.of(call))));
    rules.put(
        "Split",
        (call, in) ->
            Slices.parts(call).stream().map(part -> FoldingMoves.slice(in.get(0), part)).toList());
    rules.put("Gather", (call, in) -> List.of(FoldingMoves.gather(call, in.get(0), in.get(1))));
    rules.put("Expand", (call, inputs) -> List.of(expand(inputs.get(0), inputs.get(1))));
    rules.put("Range", (call, in) -> List.of(range(in.get(0), in.get(1), in.get(2))));
    binary(rules, "Add", (a, b) -> a + b, (a, b) -> a + b);
    binary(rules, "Sub", (a, b) -> a - b, (a, b) -> a - b);
    binary(rules, "Mul", (a, b) -> a * b, (a, b) -> a * b);
    binary(rules, "Div", (a, b) -> a / b, FoldingRules::divide);
    binary(rules, "Pow", Math::pow, (a, b) -> (long) Math.pow(a, b));
    binary(rules, "Max", Math::max, Math::max);
    binary(rules, "Min", Math::min, Math::min);
    unary(rules, "Sqrt", Math::sqrt);
    unary(rules, "Exp", Math::exp);
    unary(rules, "Log", Math::log);
    unary(rules, "Neg", a -> -a);
    unary(rules, "Abs", Math::abs);
    unary(rules, "Reciprocal", a -> 1 / a);
    unary(rules, "Relu", a -> Math.max(0, a));
    unary(rules, "Floor", Math::floor);
    unary(rules, "Ceil", Math::ceil);
    return rules;
  }

  private static void binary(
      Map<String, Folding.Rule> rules,
      String operator,
      DoubleBinaryOperator real,
      LongBinaryOperator whole) {
    rules.put(
        operator,
        (call, inputs) ->
            List.of(
                inputs.stream().reduce((a, b) -> Folding.binary(a, b, real, whole)).orElseThrow()));
  }

  private static void unary(
      Map<String, Folding.Rule> rules, String operator, DoubleUnaryOperator function) {
    rules.put(
        operator,
        (call, in) -> {
          Values x = in.get(0);
          if (!x.isInteger()) {
            return List.of(Folding.unary(x, function));
          }
          long[] all = x.longs();
          for (int i = 0; i < all.length; i++) {
            all[i] = (long) function.applyAsDouble(all[i]);
          }
          return List.of(Values.integers(x.name(), x.dims(), all::clone));
        });
  }

  private static long divide(long a, long b) {
    if (b == 0) {
      throw Unfit.because("it divides by zero");
    }
    return a / b;
  }

  private static Values withDims(Values x, List<Integer> dims) {
    return x.withDims(dims);
  }

  private static Values constant(Call call) {
    String name = call.hint();
    if (call.hasAttribute("value")) {
      TensorProto tensor = call.tensor("value").orElseThrow();
      return call.elements().of(tensor).named(tensor.getName().isEmpty() ? name : tensor.getName());
    }
    if (call.hasAttribute("value_float")) {
      float value = call.number("value_float", 0);
      return Values.floats(name, List.of(), () -> new float[] {value});
    }
    if (call.hasAttribute("value_int")) {
      long value = call.integer("value_int", 0);
      return Values.integers(name, List.of(), () -> new long[] {value});
    }
    if (call.hasAttribute("value_floats")) {
      List<Float> all = call.numbers("value_floats");
      float[] values = new float[all.size()];
      IntStream.range(0, values.length).forEach(i -> values[i] = all.get(i));
      return Values.floats(name, List.of(values.length), values::clone);
    }
    if (call.hasAttribute("value_ints")) {
      int[] all = call.integers("value_ints").orElseThrow();
      long[] values = Arrays.stream(all).asLongStream().toArray();
      return Values.integers(name, List.of(values.length), values::clone);
    }
    throw Unfit.because("its value is neither numbers nor a dense tensor of numbers");
  }

  private static List<Integer> extents(Values shape) {
    List<Integer> dims = new ArrayList<>();
    for (int extent : shape.ints()) {
      if (extent < 0) {
        throw Unfit.because("it makes a tensor with an extent of %d", extent);
      }
      dims.add(extent);
    }
    return dims;
  }

  private static Values filled(Call call, Values shape) {
    List<Integer> dims = extents(shape);
    int count = Dims.count(dims);
    Folding.requireModest(count, 0);
    String name = call.hint();
    Values value =
        call.tensor("value")
            .map(call.elements()::of)
            .orElse(Values.floats(name, List.of(), () -> new float[1]));
    if (value.isInteger()) {
      long fill = value.longs()[0];
      return Values.integers(name, dims, () -> filled(count, fill));
    }
    float fill = value.floats()[0];
    return Values.floats(
        name,
        dims,
        () -> {
          float[] all = new float[count];
          Arrays.fill(all, fill);
          return all;
        });
  }

  private static long[] filled(int count, long value) {
    long[] all = new long[count];
    Arrays.fill(all, value);
    return all;
  }

  private static Values cast(Call call, Values x) {
    int to = castType(call);
    ElementType type =
        Elements.type(to).orElseThrow(() -> Unfit.because("it makes %s", Elements.typeName(to)));
    if (type.readable()) {
      return x.isInteger() ? Values.floats(x.name(), x.dims(), x::floats) : x;
    }
    if (x.isInteger()) {
      return x;
    }
    return Values.integers(
        x.name(),
        x.dims(),
        () -> {
          float[] floats = x.floats();
          return IntStream.range(0, floats.length).mapToLong(i -> (long) floats[i]).toArray();
        });
  }

  /** Returns the number of the type that the operator Cast makes. */
  static int castType(Call call) {
    return call.node().getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals("to"))
        .mapToInt(FoldingRules::typeNumber)
        .findFirst()
        .orElse(0);
  }

  /** Before version 6 the type was a word. */
  private static int typeNumber(AttributeProto to) {
    List<String> words =
        List.of(
            "", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL",
            "FLOAT16", "DOUBLE");
    return to.hasS() ? words.indexOf(to.getS().toStringUtf8()) : (int) to.getI();
  }

  /** Returns extents as integers; a part of them from version 15 on. */
  static Values shape(Call call, List<Integer> dims) {
    int rank = dims.size();
    long start = call.integer("start", 0);
    long end = call.integer("end", rank);
    int from = (int) Math.max(0, Math.min(rank, start < 0 ? start + rank : start));
    int to = (int) Math.max(from, Math.min(rank, end < 0 ? end + rank : end));
    return Values.list(call.hint(), dims.subList(from, to));
  }

  private static Values expand(Values x, Values shape) {
    return Folding.expanded(x, Dims.broadcast(x.dims(), extents(shape)));
  }

  private static Values range(Values first, Values end, Values step) {
    if (!first.isInteger()) {
      throw Unfit.because("a range of floats");
    }
    long from = first.longs()[0];
    long by = step.longs()[0];
    if (by == 0) {
      throw Unfit.because("a range with steps of 0");
    }
    double count = Math.ceil((end.longs()[0] - from) / (double) by);
    if (count > Values.MOST_INTEGERS) {
      throw Unfit.because("a range of %.0f integers", count);
    }
    List<Integer> dims = Collections.singletonList((int) Math.max(0, count));
    return Values.integers(
        first.name(),
        dims,
        () -> IntStream.range(0, dims.get(0)).mapToLong(i -> from + i * by).toArray());
  }
}
