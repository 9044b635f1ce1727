package org.lamina.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Decodes BMP: 1, 4, 8, 16, 24 and 32 bits, plain, with bit fields or run-length encoded. The
 * header is checked here, the pixels are the JDK's decoder's.
 *
 * <p>Source: Microsoft's description of BITMAPCOREHEADER to BITMAPV5HEADER.
 */
final class BmpDecoder {

  private static final int FILE_HEADER = 14;
  private static final int CORE = 12;
  private static final int INFO = 40;

  /** Where version 4 and later say which colour space they mean. */
  private static final int COLOUR_SPACE = FILE_HEADER + 56;

  private static final int SRGB = 0x73524742;

  private BmpDecoder() {}

  static Picture decode(Path file, byte[] bytes) throws IOException {
    ByteBuffer bmp = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int header = bytes.length < FILE_HEADER + 4 ? 0 : bmp.getInt(FILE_HEADER);
    long pixels = header == 0 ? 0 : bmp.getInt(10) & 0xFFFFFFFFL;
    if (header != CORE && header < INFO
        || header > bytes.length - FILE_HEADER
        || pixels < FILE_HEADER + header
        || pixels > bytes.length) {
      throw ImageException.of(
          file, "the BMP's header is damaged, or cut short at %d bytes", bytes.length);
    }
    boolean core = header == CORE;
    long width = core ? bmp.getShort(18) & 0xFFFF : bmp.getInt(18);
    long height = core ? bmp.getShort(20) & 0xFFFF : Math.abs((long) bmp.getInt(22));
    int bits = bmp.getShort(core ? 24 : 28);
    int compression = core ? 0 : bmp.getInt(30);
    if (compression < 0 || compression > 3 || bits < 1 || bits > 32) {
      throw ImageException.of(
          file,
          "the BMP has compression %d with %d bits a pixel, which is not read; convert it to PNG",
          compression,
          bits);
    }
    boolean runs = compression == 1 || compression == 2;
    // The factor alone may overflow; the limits refuse such extents before they look at it.
    long smallest = runs ? 0 : pixels + Math.max(0, width) * bits / 8 * height;
    Limits.check(file, width, height, 4 + Picture.CHANNELS, smallest, bytes.length);
    if (header > INFO && COLOUR_SPACE + 4 <= pixels) {
      // So that the decoder looks for no profile, neither in this file nor in another.
      bmp.putInt(COLOUR_SPACE, SRGB);
    }
    return Pixels.of(Reader.image("bmp", bmp.array()));
  }
}
