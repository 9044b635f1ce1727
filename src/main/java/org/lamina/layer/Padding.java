package org.lamina.layer;

/**
 * Rows and columns added around an image; in YAML one number for all four sides, {@code [height,
 * width]}, or {@code [top, left, bottom, right]} (the order of ONNX).
 *
 * @param top rows above
 * @param left columns to the left
 * @param bottom rows below
 * @param right columns to the right
 */
public record Padding(int top, int left, int bottom, int right) {

  /** No padding. */
  public static final Padding NONE = of(0);

  /** Returns the same padding on all four sides. */
  public static Padding of(int side) {
    return new Padding(side, side, side, side);
  }

  /** Returns the padding that covers both this and the other one, side by side. */
  public Padding union(Padding other) {
    return new Padding(
        Math.max(top, other.top),
        Math.max(left, other.left),
        Math.max(bottom, other.bottom),
        Math.max(right, other.right));
  }

  /** Returns whether nothing is added on any side. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** Returns the padding in its shortest YAML form: {@code 2} or {@code [2, 2, 1, 1]}. */
  @Override
  public String toString() {
    if (top == bottom && left == right) {
      return top == left ? String.valueOf(top) : "[" + top + ", " + left + "]";
    }
    return "[" + top + ", " + left + ", " + bottom + ", " + right + "]";
  }
}
