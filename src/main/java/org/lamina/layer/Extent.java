package org.lamina.layer;

/**
 * A height and a width in pixels; in YAML either one number for both or {@code [height, width]}.
 *
 * @param h height in pixels
 * @param w width in pixels
 */
public record Extent(int h, int w) {

  /** Returns the square of the given side. */
  public static Extent of(int side) {
    return new Extent(side, side);
  }

  /** Returns the extent as {@code 3×5}. */
  @Override
  public String toString() {
    return h + "×" + w;
  }
}
