package org.lamina.data;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/** Takes the samples out of what ImageIO decoded. */
final class Pixels {

  private Pixels() {}

  /**
   * Returns the picture's colours. Palettes are looked up, grey is repeated, transparency is
   * dropped, of samples with 16 bits the upper byte is kept. Samples are taken as they are: {@code
   * BufferedImage.getRGB} would brighten grey ones, whose colour space it takes for linear.
   */
  static Picture of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.toIntExact((long) width * height * Picture.CHANNELS)];
    Raster raster = image.getRaster();
    ColorModel colors = image.getColorModel();
    for (int y = 0; y < height; y++) {
      int at = y * width * Picture.CHANNELS;
      if (colors instanceof IndexColorModel palette) {
        indexed(raster.getSamples(0, y, width, 1, 0, new int[width]), palette, rgb, at);
      } else if (raster.getSampleModel() instanceof ComponentSampleModel) {
        interleaved(raster, y, colors.getComponentSize(0), rgb, at);
      } else {
        packed(image.getRGB(0, y, width, 1, new int[width], 0, width), rgb, at);
      }
    }
    return new Picture(width, height, rgb);
  }

  private static void indexed(int[] indices, IndexColorModel palette, byte[] rgb, int at) {
    for (int x = 0; x < indices.length; x++) {
      rgb[at + 3 * x] = (byte) palette.getRed(indices[x]);
      rgb[at + 3 * x + 1] = (byte) palette.getGreen(indices[x]);
      rgb[at + 3 * x + 2] = (byte) palette.getBlue(indices[x]);
    }
  }

  private static void interleaved(Raster raster, int y, int bits, byte[] rgb, int at) {
    int bands = raster.getNumBands();
    int[] row = raster.getPixels(0, y, raster.getWidth(), 1, (int[]) null);
    for (int x = 0; x < raster.getWidth(); x++) {
      for (int c = 0; c < Picture.CHANNELS; c++) {
        rgb[at + 3 * x + c] = (byte) (row[x * bands + (bands < 3 ? 0 : c)] >> bits - 8);
      }
    }
  }

  private static void packed(int[] argb, byte[] rgb, int at) {
    for (int x = 0; x < argb.length; x++) {
      rgb[at + 3 * x] = (byte) (argb[x] >> 16);
      rgb[at + 3 * x + 1] = (byte) (argb[x] >> 8);
      rgb[at + 3 * x + 2] = (byte) argb[x];
    }
  }
}
