package org.lamina.formats.onnx;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A tensor whose values are known. They are read or worked out each time they are asked for, and
 * not kept: weights stay in their file.
 */
final class Values {

  /** Integers are for shapes and indices; more of them than this are refused. */
  static final int MOST_INTEGERS = 1 << 16;

  /** Steps for one element of a result; more of them are a trap rather than a model. */
  private static final long MOST_STEPS = 1000;

  private final String name;
  private final List<Integer> dims;
  private final boolean integers;
  private final Supplier<?> supplier;
  private final String change;
  private final long cost;

  private Values(
      String name,
      List<Integer> dims,
      boolean integers,
      Supplier<?> supplier,
      String change,
      long cost) {
    this.name = name;
    this.dims = List.copyOf(dims);
    this.integers = integers;
    this.supplier = supplier;
    this.change = change;
    this.cost = cost;
  }

  /** Returns a tensor of floats. */
  static Values floats(String name, List<Integer> dims, Supplier<float[]> supplier) {
    return new Values(name, dims, false, supplier, "", Dims.count(dims));
  }

  /** Returns a tensor of integers. */
  static Values integers(String name, List<Integer> dims, Supplier<long[]> supplier) {
    return new Values(name, dims, true, supplier, "", Dims.count(dims));
  }

  /** Returns a list of integers. */
  static Values list(String name, List<Integer> values) {
    long[] all = values.stream().mapToLong(Integer::longValue).toArray();
    return integers(name, List.of(all.length), all::clone);
  }

  /** Returns the name of the tensor that the values come from, in the model. */
  String name() {
    return name;
  }

  List<Integer> dims() {
    return dims;
  }

  /** Returns what was done to the tensor in the model; empty if nothing. */
  String change() {
    return change;
  }

  boolean isInteger() {
    return integers;
  }

  /** Returns the number of elements. */
  int count() {
    return Dims.count(dims);
  }

  /** Returns the values as floats; integers are rounded. */
  float[] floats() {
    if (!integers) {
      return (float[]) supplier.get();
    }
    long[] values = longs();
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values[i];
    }
    return floats;
  }

  /**
   * Returns the values as integers.
   *
   * @throws Unfit if they are none, or too many to be shapes or indices
   */
  long[] longs() {
    if (!integers) {
      throw Unfit.because("'%s' must hold integers, but holds floats", name);
    }
    if (count() > MOST_INTEGERS) {
      throw Unfit.because("'%s' holds %d integers, too many to be a shape", name, count());
    }
    return (long[]) supplier.get();
  }

  /** Returns the values as extents or indices, held within what an int can be. */
  int[] ints() {
    long[] values = longs();
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, values[i]));
    }
    return ints;
  }

  /**
   * Returns the only value.
   *
   * @throws Unfit if there are none or several
   */
  double scalar() {
    if (count() != 1) {
      throw Unfit.because("'%s' must be one number, but is %s", name, Dims.text(dims));
    }
    return integers ? longs()[0] : floats()[0];
  }

  /** Returns the same elements with other extents. */
  Values withDims(List<Integer> others) {
    return new Values(name, others, integers, supplier, change, cost);
  }

  /** Returns the same values under another name. */
  Values named(String other) {
    return new Values(other, dims, integers, supplier, change, cost);
  }

  /** Returns floats made from these; {@code how} says what was done, for the report. */
  Values changed(String how, List<Integer> others, UnaryOperator<float[]> by) {
    return replaced(how, others, () -> by.apply(floats()));
  }

  /**
   * Returns floats made from these and others.
   *
   * @throws Unfit if that takes more steps than a model would
   */
  Values replaced(String how, List<Integer> shape, Supplier<float[]> by, Values... others) {
    long steps = cost + Dims.count(shape);
    for (Values other : others) {
      steps += other.cost;
    }
    if (steps > MOST_STEPS * Math.max(Dims.count(shape), MOST_INTEGERS)) {
      throw Unfit.because("working out '%s' takes %d steps, too many", name, steps);
    }
    String all = change.isEmpty() ? how : change + ", " + how;
    return new Values(name, shape, false, by, all, steps);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s %s", name, Dims.text(dims));
  }
}
