package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Extents that operators give to elements which they leave in their order. */
final class Reshapes {

  /** No model has more axes. */
  private static final int MOST_AXES = 16;

  private Reshapes() {}

  /** Returns what the operator Reshape makes of its input: 0 keeps an extent, -1 takes the rest. */
  static List<Integer> reshape(Call call) {
    List<Integer> dims = call.input(0).dims();
    int[] wanted = call.integers("shape", 1).orElseThrow(() -> Unfit.because("it says no shape"));
    if (wanted.length > MOST_AXES) {
      throw Unfit.because("it makes %d axes", wanted.length);
    }
    boolean zeros = call.integer("allowzero", 0) != 0;
    List<Integer> made = new ArrayList<>();
    long known = 1;
    int open = -1;
    for (int i = 0; i < wanted.length; i++) {
      int extent = wanted[i] == 0 && !zeros && i < dims.size() ? dims.get(i) : wanted[i];
      if (extent == -1 && open < 0) {
        open = i;
      } else if (extent < 0) {
        throw Unfit.because("it asks for an extent of %d", extent);
      } else {
        known *= Math.max(1, extent);
        if (known > Integer.MAX_VALUE) {
          throw Unfit.because("it asks for %d elements and more", known);
        }
      }
      made.add(extent);
    }
    int count = Dims.count(dims);
    if (open >= 0) {
      made.set(open, (int) (count / known));
    }
    if (Dims.count(made) != count) {
      throw Unfit.because("it makes %s of %s", Dims.text(made), Dims.text(dims));
    }
    return made;
  }

  /** Returns what the operator Flatten makes of its input: two axes. */
  static List<Integer> flatten(Call call) {
    List<Integer> dims = call.input(0).dims();
    long axis = call.integer("axis", 1);
    int cut = axis == dims.size() ? dims.size() : Dims.axis(axis, Math.max(1, dims.size()));
    return List.of(Dims.count(dims, 0, cut), Dims.count(dims, cut, dims.size()));
  }

  /** Returns what the operator Squeeze makes of its input: without some axes of extent 1. */
  static List<Integer> squeeze(Call call) {
    List<Integer> dims = call.input(0).dims();
    List<Integer> axes =
        call.integers("axes", 1)
            .map(named -> Dims.axes(named, dims.size()))
            .orElseGet(
                () ->
                    IntStream.range(0, dims.size()).filter(i -> dims.get(i) == 1).boxed().toList());
    List<Integer> made = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      if (!axes.contains(i)) {
        made.add(dims.get(i));
      } else if (dims.get(i) != 1) {
        throw Unfit.because("axis %d has an extent of %d, not 1", i, dims.get(i));
      }
    }
    return made;
  }

  /** Returns what the operator Unsqueeze makes of its input: with more axes of extent 1. */
  static List<Integer> unsqueeze(Call call) {
    List<Integer> made = new ArrayList<>(call.input(0).dims());
    int[] named = call.integers("axes", 1).orElseThrow(() -> Unfit.because("it names no axes"));
    if (named.length > MOST_AXES) {
      throw Unfit.because("it makes %d axes", named.length);
    }
    Dims.axes(named, made.size() + named.length).forEach(axis -> made.add(axis, 1));
    return made;
  }

  /** Returns which axis of its input every axis of the operator Transpose's result is. */
  static int[] order(Call call, int rank) {
    int[] order =
        call.integers("perm")
            .orElseGet(() -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray());
    if (order.length != rank) {
      throw Unfit.because("it orders %d axes, but there are %d", order.length, rank);
    }
    Dims.axes(order, rank);
    return IntStream.of(order).map(axis -> Dims.axis(axis, rank)).toArray();
  }
}
