package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** Arithmetic on lists of extents. */
final class Dims {

  /** What a float array can hold. */
  private static final int MOST = Integer.MAX_VALUE - 8;

  private Dims() {}

  /**
   * Returns the number of elements; 1 without axes.
   *
   * @throws Unfit if they are more than an array can hold
   */
  static int count(List<Integer> dims) {
    long count = 1;
    for (int extent : dims) {
      if (extent == 0) {
        return 0;
      }
    }
    for (int extent : dims) {
      count *= extent;
      if (count > MOST) {
        throw Unfit.because("a tensor of %s has too many elements", text(dims));
      }
    }
    return (int) count;
  }

  /** Returns the product of the extents from one axis up to another. */
  static int count(List<Integer> dims, int from, int to) {
    return count(dims.subList(from, to));
  }

  /** Returns the extents as {@code [1, 3, 224, 224]}. */
  static String text(List<Integer> dims) {
    return dims.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * Returns an axis counted from the front.
   *
   * @throws Unfit if there is no such axis
   */
  static int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw Unfit.because("there is no axis %d: the tensor has %d", axis, rank);
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Returns the axes counted from the front, sorted. */
  static List<Integer> axes(int[] axes, int rank) {
    List<Integer> found = new ArrayList<>();
    for (int axis : axes) {
      int counted = axis(axis, rank);
      if (found.contains(counted)) {
        throw Unfit.because("axis %d is named twice", axis);
      }
      found.add(counted);
    }
    Collections.sort(found);
    return found;
  }

  /** Returns the extents with another one in place of one. */
  static List<Integer> with(List<Integer> dims, int axis, int extent) {
    List<Integer> changed = new ArrayList<>(dims);
    changed.set(axis, extent);
    return List.copyOf(changed);
  }

  /** Returns ones in front of the extents, so that there are {@code rank}. */
  static List<Integer> padded(List<Integer> dims, int rank) {
    List<Integer> all = new ArrayList<>(Collections.nCopies(Math.max(0, rank - dims.size()), 1));
    all.addAll(dims);
    return List.copyOf(all);
  }

  /**
   * Returns what two tensors have together, as NumPy would.
   *
   * @throws Unfit if they do not go together
   */
  static List<Integer> broadcast(List<Integer> a, List<Integer> b) {
    int rank = Math.max(a.size(), b.size());
    List<Integer> left = padded(a, rank);
    List<Integer> right = padded(b, rank);
    List<Integer> result = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      int l = left.get(i);
      int r = right.get(i);
      if (l != r && l != 1 && r != 1) {
        throw Unfit.because("%s and %s do not go together", text(a), text(b));
      }
      result.add(l == 1 ? r : l);
    }
    return List.copyOf(result);
  }

  /** Returns the distance of neighbouring elements along every axis, row-major. */
  static int[] pitches(List<Integer> dims) {
    int[] pitches = new int[dims.size()];
    int pitch = 1;
    for (int i = pitches.length - 1; i >= 0; i--) {
      pitches[i] = pitch;
      pitch *= Math.max(1, dims.get(i));
    }
    return pitches;
  }

  /** Takes the places of an element in a result and in what it comes from. */
  @FunctionalInterface
  interface Step {
    void accept(int to, int from);
  }

  /**
   * Visits every element of a result in order.
   *
   * @param dims extents of the result
   * @param start the source's element for the result's first
   * @param pitches how far the source moves for one step along every axis of the result
   */
  static void walk(List<Integer> dims, int start, int[] pitches, Step step) {
    int count = count(dims);
    int[] extents = dims.stream().mapToInt(Integer::intValue).toArray();
    int[] at = new int[extents.length];
    int source = start;
    for (int i = 0; i < count; i++) {
      step.accept(i, source);
      for (int axis = extents.length - 1; axis >= 0; axis--) {
        source += pitches[axis];
        if (++at[axis] < extents[axis]) {
          break;
        }
        source -= pitches[axis] * extents[axis];
        at[axis] = 0;
      }
    }
  }

  /** Returns the elements of a source that {@link #walk} visits. */
  static float[] pick(float[] values, List<Integer> dims, int start, int[] pitches) {
    float[] picked = new float[count(dims)];
    walk(dims, start, pitches, (to, from) -> picked[to] = values[from]);
    return picked;
  }

  /** Returns the elements of a source that {@link #walk} visits. */
  static long[] pick(long[] values, List<Integer> dims, int start, int[] pitches) {
    long[] picked = new long[count(dims)];
    walk(dims, start, pitches, (to, from) -> picked[to] = values[from]);
    return picked;
  }

  /** Returns how far a tensor moves along every axis of what it is broadcast to. */
  static int[] broadcastPitches(List<Integer> dims, int rank) {
    List<Integer> all = padded(dims, rank);
    int[] pitches = pitches(all);
    for (int i = 0; i < rank; i++) {
      pitches[i] = all.get(i) == 1 ? 0 : pitches[i];
    }
    return pitches;
  }
}
