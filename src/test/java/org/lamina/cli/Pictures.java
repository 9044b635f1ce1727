package org.lamina.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Writes pictures. */
final class Pictures {

  private Pictures() {}

  /** Writes a colourful PNG. */
  static Path png(Path file, int width, int height) throws IOException {
    return Files.write(file, encoded("png", width, height));
  }

  /** Writes the first two thirds of a JPEG. */
  static Path truncatedJpeg(Path file) throws IOException {
    byte[] whole = encoded("jpeg", 64, 64);
    return Files.write(file, Arrays.copyOf(whole, whole.length * 2 / 3));
  }

  private static byte[] encoded(String format, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, (x * 20 % 256) << 16 | (y * 30 % 256) << 8 | (x * y % 256));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, format, bytes);
    return bytes.toByteArray();
  }
}
