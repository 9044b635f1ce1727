package org.lamina.tensor;

/**
 * The feature maps of one image: channels, height and width, without the batch.
 *
 * <p>Element (c, h, w) of a dense image lies at {@code (c * H + h) * W + w}. What a network knows
 * about its layers does not depend on the batch; a plan adds it.
 *
 * @param c channels, at least 1
 * @param h height in pixels, at least 1
 * @param w width in pixels, at least 1
 */
public record Chw(int c, int h, int w) {

  /**
   * @throws IllegalArgumentException if any extent is smaller than 1
   */
  public Chw {
    if (c < 1 || h < 1 || w < 1) {
      throw new IllegalArgumentException(
          "every extent must be at least 1, but the shape is " + text(c, h, w));
    }
  }

  /** Returns the number of elements of one image. */
  public long volume() {
    return (long) c * h * w;
  }

  /** Returns the shape of a batch of {@code n} such images: [n, c, h, w]. */
  public Shape batch(int n) {
    return Shape.of(n, c, h, w);
  }

  /** Returns the shape as {@code 96×55×55}. */
  @Override
  public String toString() {
    return text(c, h, w);
  }

  private static String text(int c, int h, int w) {
    return c + "×" + h + "×" + w;
  }
}
