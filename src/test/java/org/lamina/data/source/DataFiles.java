package org.lamina.data.source;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;

/** Writes small files in the forms that data sets have. */
final class DataFiles {

  private DataFiles() {}

  static Path write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      return Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, String text) {
    return write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a PNG of one colour, red as given. */
  static byte[] png(int red) {
    BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 12; i++) {
      image.setRGB(i % 4, i / 4, red << 16 | 0x1020);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  /** Returns an idx file of unsigned bytes. */
  static byte[] idx(byte[] values, int... extents) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 * extents.length + values.length);
    file.put(new byte[] {0, 0, 8, (byte) extents.length});
    for (int extent : extents) {
      file.putInt(extent);
    }
    return file.put(values).array();
  }

  /** Collects a tar file. */
  static final class TarFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    TarFile add(String name, byte[] content) {
      return add(name, '0', content);
    }

    TarFile add(String name, char type, byte[] content) {
      byte[] header = header(name, type, content.length);
      bytes.writeBytes(header);
      bytes.writeBytes(content);
      bytes.writeBytes(new byte[(512 - content.length % 512) % 512]);
      return this;
    }

    static byte[] header(String name, char type, long size) {
      ByteBuffer header = ByteBuffer.allocate(512);
      header.put(0, name.getBytes(StandardCharsets.UTF_8));
      header.put(124, String.format(Locale.ROOT, "%011o", size).getBytes(StandardCharsets.UTF_8));
      header.put(156, (byte) type);
      header.put(257, "ustar\0".getBytes(StandardCharsets.UTF_8));
      return summed(header.array());
    }

    static byte[] summed(byte[] header) {
      long sum = 8 * ' ';
      for (int i = 0; i < 512; i++) {
        sum += i >= 148 && i < 156 ? 0 : header[i] & 0xFF;
      }
      byte[] digits = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.UTF_8);
      System.arraycopy(digits, 0, header, 148, 8);
      return header;
    }

    TarFile raw(byte[] block) {
      bytes.writeBytes(block);
      return this;
    }

    byte[] end() {
      bytes.writeBytes(new byte[1024]);
      return bytes.toByteArray();
    }
  }
}
