package org.lamina.data;

import java.util.Locale;

/**
 * A picture in memory, 8-bit RGB.
 *
 * <p>The array is not copied: whoever makes a picture hands the array over.
 *
 * @param width columns, at least 1
 * @param height rows, at least 1
 * @param rgb red, green and blue of every pixel, 0 to 255 as unsigned bytes, row by row: that of
 *     pixel (y, x) is at {@code (y * width + x) * 3}
 */
public record Picture(int width, int height, byte[] rgb) {

  /** Samples of a pixel. */
  static final int CHANNELS = 3;

  /**
   * @throws IllegalArgumentException if an extent is smaller than 1 or the array has another length
   */
  public Picture {
    if (width < 1 || height < 1 || rgb.length != (long) width * height * CHANNELS) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "a picture of %d×%d pixels does not have %d bytes",
              width,
              height,
              rgb.length));
    }
  }

  /** Returns {@code 640×480}. */
  @Override
  public String toString() {
    return width + "×" + height;
  }
}
