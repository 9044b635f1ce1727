package org.lamina.train.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A picture of small pictures of equal size, side by side in rows. Draws no text. */
final class Grid {

  private static final int GAP = 2;
  private static final int BACKGROUND = 0xFFFFFF;

  private final int columns;
  private final int width;
  private final int height;
  private final int zoom;
  private final BufferedImage image;

  /**
   * Makes an empty grid.
   *
   * @param count small pictures
   * @param columns of them in a row
   * @param width pixels of one
   * @param height pixels of one
   * @param zoom how large each of their pixels is shown
   */
  Grid(int count, int columns, int width, int height, int zoom) {
    this.columns = columns;
    this.width = width;
    this.height = height;
    this.zoom = zoom;
    int rows = (count + columns - 1) / columns;
    image =
        new BufferedImage(
            columns * (width * zoom + GAP) + GAP,
            rows * (height * zoom + GAP) + GAP,
            BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, BACKGROUND);
      }
    }
  }

  /** The colour of a pixel. */
  @FunctionalInterface
  interface Colors {
    /** Returns the colour at a place as 0xRRGGBB. */
    int at(int x, int y);
  }

  /** Draws one of the small pictures. */
  void put(int index, Colors colors) {
    int left = GAP + index % columns * (width * zoom + GAP);
    int top = GAP + index / columns * (height * zoom + GAP);
    for (int y = 0; y < height * zoom; y++) {
      for (int x = 0; x < width * zoom; x++) {
        image.setRGB(left + x, top + y, colors.at(x / zoom, y / zoom));
      }
    }
  }

  /** Returns the picture as PNG. */
  byte[] png() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** Returns a grey or colour value from 0 to 1 as a byte. */
  static int level(double value) {
    return (int) Math.rint(255 * Math.max(0, Math.min(1, value)));
  }

  /** Returns a colour. */
  static int rgb(double red, double green, double blue) {
    return level(red) << 16 | level(green) << 8 | level(blue);
  }
}
