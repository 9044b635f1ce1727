package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Which parts of a tensor the operators Slice and Split take. */
final class Slices {

  /**
   * What is taken along one axis.
   *
   * @param axis counted from the front
   * @param start the first that is taken
   * @param step the distance of those taken; negative: backwards
   * @param count how many are taken
   */
  record Cut(int axis, int start, int step, int count) {}

  private Slices() {}

  /**
   * Returns what the operator Slice takes.
   *
   * @throws Unfit if it takes nothing, or names axes that are not there
   */
  static List<Cut> of(Call call) {
    List<Integer> dims = call.input(0).dims();
    int[] starts = call.integers("starts", 1).orElseThrow(() -> Unfit.because("it says no starts"));
    int[] ends = call.integers("ends", 2).orElseThrow(() -> Unfit.because("it says no ends"));
    int[] axes =
        call.integers("axes", 3).orElseGet(() -> IntStream.range(0, starts.length).toArray());
    int[] steps =
        call.integers("", 4)
            .orElseGet(
                () -> {
                  int[] ones = new int[starts.length];
                  Arrays.fill(ones, 1);
                  return ones;
                });
    if (ends.length != starts.length
        || axes.length != starts.length
        || steps.length != starts.length) {
      throw Unfit.because(
          "it says %d starts, %d ends, %d axes and %d steps",
          starts.length, ends.length, axes.length, steps.length);
    }
    Dims.axes(axes, dims.size());
    List<Cut> cuts = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int axis = Dims.axis(axes[i], dims.size());
      cuts.add(cut(axis, dims.get(axis), starts[i], ends[i], steps[i]));
    }
    return cuts;
  }

  private static Cut cut(int axis, int extent, long start, long end, int step) {
    if (step == 0 || step == Integer.MIN_VALUE) {
      throw Unfit.because("it takes steps of %d", step);
    }
    long from = start < 0 ? start + extent : start;
    long to = end < 0 ? end + extent : end;
    long last = step > 0 ? extent : extent - 1L;
    from = Math.max(0, Math.min(last, from));
    to = Math.max(step > 0 ? 0 : -1, Math.min(last, to));
    long span = step > 0 ? to - from : from - to;
    long count = Math.max(0, (span + Math.abs(step) - 1) / Math.abs(step));
    return new Cut(axis, (int) from, step, (int) count);
  }

  /**
   * Returns what the operator Split takes for every result.
   *
   * @throws Unfit if the parts are not as large as the whole
   */
  static List<List<Cut>> parts(Call call) {
    List<Integer> dims = call.input(0).dims();
    int axis = Dims.axis(call.integer("axis", 0), dims.size());
    int extent = dims.get(axis);
    int outputs = call.outputs();
    int[] sizes =
        call.integers("split", 1)
            .orElseGet(() -> equal(extent, (int) call.integer("num_outputs", outputs)));
    if (sizes.length != outputs || IntStream.of(sizes).asLongStream().sum() != extent) {
      throw Unfit.because(
          "it makes %d parts of %s for %d results of an axis of %d",
          sizes.length, Arrays.toString(sizes), outputs, extent);
    }
    List<List<Cut>> parts = new ArrayList<>();
    int start = 0;
    for (int size : sizes) {
      parts.add(List.of(new Cut(axis, start, 1, size)));
      start += size;
    }
    return parts;
  }

  /** Returns parts of the same size; the last may be smaller. */
  private static int[] equal(int extent, int parts) {
    if (parts < 1 || parts > extent) {
      throw Unfit.because("it makes %d parts of an axis of %d", parts, extent);
    }
    int size = (extent + parts - 1) / parts;
    return IntStream.range(0, parts)
        .map(i -> Math.max(0, Math.min(size, extent - i * size)))
        .toArray();
  }
}
