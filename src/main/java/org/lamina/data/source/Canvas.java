package org.lamina.data.source;

import org.lamina.data.Numbers;
import org.lamina.data.Picture;

/** A square picture that is painted on; colours are red, green and blue from 0 to 1. */
final class Canvas {

  /** The distance of a point of the picture from an outline in pixels; negative inside. */
  @FunctionalInterface
  interface Outline {
    double distance(double x, double y);
  }

  /** The colour of a point of the picture. */
  @FunctionalInterface
  interface Paint {
    double[] at(double x, double y);
  }

  private final int side;
  private final double[] values;

  Canvas(int side) {
    this.side = side;
    values = new double[3 * side * side];
  }

  /**
   * Paints what is inside an outline; pixels on it are mixed by how much of them is inside.
   *
   * @param reach half the side of a square around the middle outside of which nothing is
   */
  void fill(
      double middleX, double middleY, double reach, Outline outline, Paint paint, double opacity) {
    int top = (int) Math.max(0, Math.floor(middleY - reach));
    int bottom = (int) Math.min(side, Math.ceil(middleY + reach));
    int left = (int) Math.max(0, Math.floor(middleX - reach));
    int right = (int) Math.min(side, Math.ceil(middleX + reach));
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        double covered = 0.5 - outline.distance(x + 0.5, y + 0.5);
        if (covered > 0) {
          mix(3 * (y * side + x), paint.at(x + 0.5, y + 0.5), opacity * Math.min(1, covered));
        }
      }
    }
  }

  private void mix(int at, double[] color, double share) {
    for (int c = 0; c < 3; c++) {
      values[at + c] += share * (color[c] - values[at + c]);
    }
  }

  /** Returns the picture, every value moved by a random amount of at most {@code noise}. */
  Picture picture(double noise, Numbers numbers) {
    byte[] rgb = new byte[values.length];
    int bits = 0;
    for (int i = 0; i < rgb.length; i++) {
      bits = i % 4 == 0 ? numbers.bits() : bits >> 8;
      double value = values[i] + noise * (byte) bits / 128;
      rgb[i] = (byte) Math.rint(255 * Math.max(0, Math.min(1, value)));
    }
    return new Picture(side, side, rgb);
  }
}
