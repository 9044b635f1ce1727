package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import org.lamina.formats.onnx.Operand.Activation;

/** Operators on constants: what they give is worked out, not run. */
final class Folding {

  /** How an operator is worked out. */
  @FunctionalInterface
  interface Rule {
    List<Values> fold(Call call, List<Values> inputs);
  }

  /** Elements that are kept in memory, for shapes and the like. */
  private static final int MOST_KEPT = 1 << 20;

  /** Elements that a result may have beyond those of what it is made of. */
  private static final int MOST_MADE = 1 << 22;

  private static final Map<String, Rule> RULES = FoldingRules.all();

  private int kept;

  /** Returns whether an operator can be worked out. */
  static boolean knows(String operator) {
    return RULES.containsKey(operator);
  }

  /**
   * Works out an operator on constants.
   *
   * @throws Unfit if it cannot be
   */
  List<Values> fold(Call call, List<Values> inputs) {
    return RULES.get(call.operator()).fold(call, inputs).stream().map(this::kept).toList();
  }

  /** Returns the extents of a tensor as the operator Shape has them. */
  static Values shape(Call call, Activation of) {
    return FoldingRules.shape(call, of.dims());
  }

  /** Small results are worked out at once, so that chains of them take no time later. */
  private Values kept(Values values) {
    if (values.count() > Values.MOST_INTEGERS) {
      if (values.isInteger()) {
        throw Unfit.because("it makes %d integers, too many to be a shape", values.count());
      }
      return values;
    }
    kept += values.count();
    if (kept > MOST_KEPT) {
      throw Unfit.because("the constants computed in the model take too much memory");
    }
    if (values.isInteger()) {
      long[] longs = values.longs();
      return Values.integers(values.name(), values.dims(), () -> longs);
    }
    float[] floats = values.floats();
    return values.replaced("", values.dims(), () -> floats);
  }

  /**
   * Works out an operator on two tensors, element by element.
   *
   * @throws Unfit if they do not go together, or give far more elements than they have
   */
  static Values binary(Values a, Values b, DoubleBinaryOperator real, LongBinaryOperator whole) {
    List<Integer> dims = Dims.broadcast(a.dims(), b.dims());
    requireModest(Dims.count(dims), a.count() + (long) b.count());
    int[] left = Dims.broadcastPitches(a.dims(), dims.size());
    int[] right = Dims.broadcastPitches(b.dims(), dims.size());
    if (a.isInteger() && b.isInteger()) {
      return Values.integers(
          a.name(),
          dims,
          () -> {
            long[] x = Dims.pick(a.longs(), dims, 0, left);
            long[] y = b.longs();
            Dims.walk(dims, 0, right, (i, from) -> x[i] = whole.applyAsLong(x[i], y[from]));
            return x;
          });
    }
    Values first = a.count() >= b.count() ? a : b;
    return first.replaced(
        "computed",
        dims,
        () -> {
          float[] x = Dims.pick(a.floats(), dims, 0, left);
          float[] y = b.floats();
          Dims.walk(dims, 0, right, (i, at) -> x[i] = (float) real.applyAsDouble(x[i], y[at]));
          return x;
        },
        first == a ? b : a);
  }

  /** Works out a function of every element. */
  static Values unary(Values x, DoubleUnaryOperator function) {
    return x.changed(
        "computed",
        x.dims(),
        values -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) function.applyAsDouble(values[i]);
          }
          return values;
        });
  }

  /** Returns the elements of another one in another order, or some of them. */
  static Values picked(String how, Values x, List<Integer> dims, int start, int[] pitches) {
    if (x.isInteger()) {
      return Values.integers(x.name(), dims, () -> Dims.pick(x.longs(), dims, start, pitches));
    }
    return x.changed(how, dims, values -> Dims.pick(values, dims, start, pitches));
  }

  /** Returns a tensor with its axes in another order. */
  static Values transposed(Values x, int[] order) {
    int[] pitches = Dims.pitches(x.dims());
    List<Integer> dims = new ArrayList<>();
    int[] moved = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      dims.add(x.dims().get(order[i]));
      moved[i] = pitches[order[i]];
    }
    boolean same = Arrays.equals(order, IntStream.range(0, order.length).toArray());
    return same ? x : picked("transposed", x, dims, 0, moved);
  }

  /** Returns a tensor broadcast to larger extents. */
  static Values expanded(Values x, List<Integer> dims) {
    if (x.dims().equals(dims)) {
      return x;
    }
    if (x.count() == Dims.count(dims)) {
      return x.withDims(dims);
    }
    requireModest(Dims.count(dims), x.count());
    return picked("repeated", x, dims, 0, Dims.broadcastPitches(x.dims(), dims.size()));
  }

  /** A few bytes of a file must not become gigabytes. */
  static void requireModest(int made, long from) {
    if (made > MOST_MADE && made > from) {
      throw Unfit.because("it would make %d elements of %d", made, from);
    }
  }
}
