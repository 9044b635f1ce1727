package org.lamina.tensor;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The extents of a dense tensor of any rank, row-major with the last axis varying fastest.
 *
 * <p>Activations are [N, C, H, W]; convolution weights are [OUT_C, IN_C/GROUPS, KERNEL_H,
 * KERNEL_W]. A shape without extents is that of a scalar.
 *
 * @param extents the length of every axis, each at least 0
 */
public record Shape(List<Integer> extents) {

  /**
   * @throws IllegalArgumentException if any extent is negative
   */
  public Shape {
    extents = List.copyOf(extents);
    if (extents.stream().anyMatch(extent -> extent < 0)) {
      throw new IllegalArgumentException("no extent may be negative, but the shape is " + extents);
    }
  }

  /**
   * Returns the shape with these extents.
   *
   * @throws IllegalArgumentException if any extent is negative
   */
  public static Shape of(Integer... extents) {
    return new Shape(List.of(extents));
  }

  /** Returns the number of axes. */
  public int rank() {
    return extents.size();
  }

  /** Returns the length of one axis. */
  public int extent(int axis) {
    return extents.get(axis);
  }

  /**
   * Returns the number of elements; 1 for a scalar, 0 if any extent is 0.
   *
   * @throws ArithmeticException if the number does not fit a long
   */
  public long volume() {
    if (extents.contains(0)) {
      return 0;
    }
    long volume = 1;
    for (int extent : extents) {
      volume = Math.multiplyExact(volume, (long) extent);
    }
    return volume;
  }

  /** Returns the shape as {@code 96×3×11×11}; {@code scalar} if it has no axes. */
  @Override
  public String toString() {
    return extents.isEmpty()
        ? "scalar"
        : extents.stream().map(String::valueOf).collect(Collectors.joining("×"));
  }
}
