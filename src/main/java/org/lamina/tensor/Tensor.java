package org.lamina.tensor;

/**
 * A dense tensor of floats in host memory.
 *
 * <p>The array is not copied: whoever makes a tensor hands the array over.
 *
 * @param shape the extents, row-major
 * @param values as many elements as the shape holds
 */
public record Tensor(Shape shape, float[] values) {

  /**
   * @throws IllegalArgumentException if the array does not have {@code shape.volume()} elements
   */
  public Tensor {
    if (values.length != shape.volume()) {
      throw new IllegalArgumentException(
          "a tensor of %s has %,d elements, but the array has %,d"
              .formatted(shape, shape.volume(), values.length));
    }
  }

  /** Returns a tensor of zeros. */
  public static Tensor zeros(Shape shape) {
    return new Tensor(shape, new float[Math.toIntExact(shape.volume())]);
  }
}
