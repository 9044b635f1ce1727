package org.lamina.formats;

import org.lamina.tensor.Shape;

/**
 * Where a parameter comes from.
 *
 * @param name how its file calls it: {@code conv1 blob 0}, {@code features.0.weight}
 * @param shape its extents there
 * @param change what was done to it: {@code transposed}, {@code bn1 folded in}; empty if its values
 *     are taken in their order
 */
public record TensorOrigin(String name, Shape shape, String change) {

  /** Returns the origin of a tensor whose values are taken in their order. */
  public static TensorOrigin of(String name, Shape shape) {
    return new TensorOrigin(name, shape, "");
  }
}
