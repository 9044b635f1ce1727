package org.lamina.formats.onnx;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Constants put together, cut and picked from. */
final class FoldingMoves {

  private FoldingMoves() {}

  static Values concat(Call call, List<Values> inputs) {
    if (inputs.size() == 1) {
      return inputs.get(0);
    }
    int rank = inputs.get(0).dims().size();
    int axis = Dims.axis(call.integer("axis", 1), rank);
    int total = 0;
    for (Values input : inputs) {
      List<Integer> same = Dims.with(inputs.get(0).dims(), axis, input.dims().get(axis));
      if (!input.dims().equals(same)) {
        throw Unfit.because("its inputs do not fit side by side: %s, %s", inputs.get(0), input);
      }
      total = Math.addExact(total, input.dims().get(axis));
    }
    List<Integer> dims = Dims.with(inputs.get(0).dims(), axis, total);
    int outer = Dims.count(dims, 0, axis);
    int row = Dims.count(dims, axis, rank);
    boolean integers = inputs.stream().allMatch(Values::isInteger);
    if (integers) {
      return Values.integers(
          call.hint(),
          dims,
          () -> (long[]) joined(new long[outer * row], inputs.stream().map(Values::longs), outer));
    }
    return inputs
        .get(0)
        .replaced(
            "joined",
            dims,
            () ->
                (float[])
                    joined(new float[outer * row], inputs.stream().map(Values::floats), outer),
            inputs.toArray(Values[]::new));
  }

  private static Object joined(Object to, Stream<?> parts, int outer) {
    int[] at = {0};
    int all = Array.getLength(to) / Math.max(1, outer);
    parts.forEach(
        part -> {
          int row = Array.getLength(part) / Math.max(1, outer);
          for (int i = 0; i < outer; i++) {
            System.arraycopy(part, i * row, to, i * all + at[0], row);
          }
          at[0] += row;
        });
    return to;
  }

  static Values slice(Values x, List<Slices.Cut> cuts) {
    int[] pitches = Dims.pitches(x.dims());
    List<Integer> dims = x.dims();
    int start = 0;
    int[] moved = pitches.clone();
    for (Slices.Cut cut : cuts) {
      start += cut.start() * pitches[cut.axis()];
      moved[cut.axis()] = pitches[cut.axis()] * cut.step();
      dims = Dims.with(dims, cut.axis(), cut.count());
    }
    return Folding.picked("cut", x, dims, start, moved);
  }

  static Values gather(Call call, Values x, Values indices) {
    int rank = x.dims().size();
    int axis = Dims.axis(call.integer("axis", 0), rank);
    int extent = x.dims().get(axis);
    int[] chosen = indices.ints();
    List<Integer> dims = new ArrayList<>(x.dims().subList(0, axis));
    dims.addAll(indices.dims());
    dims.addAll(x.dims().subList(axis + 1, rank));
    Folding.requireModest(Dims.count(dims), x.count());
    int inner = Dims.count(x.dims(), axis + 1, rank);
    int outer = Dims.count(x.dims(), 0, axis);
    int[] from = new int[outer * chosen.length * inner];
    for (int i = 0; i < from.length; i++) {
      int index = Dims.axis(chosen[i / inner % chosen.length], extent);
      from[i] = (i / inner / chosen.length * extent + index) * inner + i % inner;
    }
    if (x.isInteger()) {
      long[] values = x.longs();
      return Values.integers(
          x.name(), dims, () -> Arrays.stream(from).mapToLong(i -> values[i]).toArray());
    }
    return x.changed(
        "gathered",
        dims,
        values -> {
          float[] picked = new float[from.length];
          IntStream.range(0, from.length).forEach(i -> picked[i] = values[from[i]]);
          return picked;
        });
  }
}
