package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.tensor.Chw;

/** Layers that combine results element by element, stretched to each other as NumPy would. */
final class Joins {

  private static final int MOST_RUNS = 3;

  private Joins() {}

  /**
   * Adds a layer that combines results.
   *
   * @param type its key: add, mul, sub, div, max or min
   * @throws Unfit if their extents do not go together
   */
  static Activation join(Call call, String type, List<Activation> from) {
    Assembly net = call.net();
    List<Integer> dims = from.get(0).dims();
    for (Activation x : from) {
      dims = Dims.broadcast(dims, x.dims());
    }
    List<Activation> all = new ArrayList<>();
    for (Activation x : from) {
      if (net.batched() && x.dims().size() != dims.size()) {
        throw Unfit.mixesBatch("a tensor of " + Dims.text(x.dims()));
      }
      all.add(x.withDims(Dims.padded(x.dims(), dims.size())));
      requireBatch(net, all.get(all.size() - 1), dims);
    }
    List<Activation> seen = seen(call, type, all, dims);
    return net.add(
            call.hint(), type, java.util.Map.of(), net.item(dims), seen.toArray(Activation[]::new))
        .withDims(dims);
  }

  private static void requireBatch(Assembly net, Activation x, List<Integer> dims) {
    if (net.batched() && (dims.isEmpty() || !x.dims().get(0).equals(dims.get(0)))) {
      throw Unfit.mixesBatch("a tensor of " + Dims.text(x.dims()));
    }
  }

  /** Returns the inputs seen so that every extent is that of the result, or 1. */
  private static List<Activation> seen(
      Call call, String type, List<Activation> all, List<Integer> dims) {
    Assembly net = call.net();
    boolean same = all.stream().allMatch(x -> x.dims().equals(dims));
    if (same) {
      Chw view = all.get(0).view();
      return all.stream().map(x -> net.as(x, view.c(), view.h(), view.w())).toList();
    }
    List<Integer> item = net.item(dims);
    if (item.size() <= MOST_RUNS) {
      return all.stream().map(x -> as(net, x, Assembly.canonical(net.item(x.dims())))).toList();
    }
    int[] runs = runs(net, all, item);
    if (runs[runs.length - 1] >= MOST_RUNS) {
      List<Activation> stretched = all.stream().map(x -> stretched(call, x, dims)).toList();
      return seen(call, type, stretched, dims);
    }
    return all.stream().map(x -> as(net, x, grouped(net.item(x.dims()), runs))).toList();
  }

  private static Activation as(Assembly net, Activation x, Chw view) {
    return net.as(x, view.c(), view.h(), view.w());
  }

  /** Returns which run each axis belongs to: in a run, every input is stretched or none is. */
  private static int[] runs(Assembly net, List<Activation> all, List<Integer> item) {
    int[] runs = new int[item.size()];
    List<Boolean> last = List.of();
    int run = -1;
    for (int i = 0; i < runs.length; i++) {
      int axis = i;
      List<Boolean> pattern =
          all.stream().map(x -> net.item(x.dims()).get(axis) == 1 && item.get(axis) != 1).toList();
      if (item.get(i) != 1 && !pattern.equals(last) || run < 0) {
        run++;
        last = item.get(i) == 1 ? List.of() : pattern;
      }
      runs[i] = run;
    }
    return runs;
  }

  private static Chw grouped(List<Integer> item, int[] runs) {
    int[] extents = {1, 1, 1};
    for (int i = 0; i < runs.length; i++) {
      extents[runs[i]] = Math.multiplyExact(extents[runs[i]], item.get(i));
    }
    return new Chw(extents[0], extents[1], extents[2]);
  }

  /**
   * Adds what repeats a result along axes where it has one element: convolutions with weights of 1.
   */
  static Activation stretched(Call call, Activation x, List<Integer> dims) {
    Assembly net = call.net();
    requireBatch(net, x, dims);
    Activation y = x;
    for (int axis = net.batched() ? 1 : 0; axis < dims.size(); axis++) {
      int times = dims.get(axis);
      if (y.dims().get(axis) == times) {
        continue;
      }
      List<Integer> item = net.item(y.dims());
      int at = net.batched() ? axis - 1 : axis;
      int outer = Dims.count(item, 0, at);
      int inner = Dims.count(item, at, item.size());
      int filters = Math.multiplyExact(outer, times);
      Folding.requireModest(filters, outer);
      List<Integer> made = Dims.with(y.dims(), axis, times);
      Activation wide =
          net.add(
              call.hint() + "_repeat",
              "conv",
              Call.fields("filters", filters, "kernel", 1, "groups", outer, "bias", false),
              net.item(made),
              net.as(y, outer, 1, inner));
      net.weight(wide, "weight", ones(filters));
      y = wide.withDims(made);
    }
    return y;
  }

  private static Values ones(int count) {
    return Values.floats(
        "1",
        List.of(count),
        () -> {
          float[] ones = new float[count];
          Arrays.fill(ones, 1);
          return ones;
        });
  }
}
