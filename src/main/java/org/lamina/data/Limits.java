package org.lamina.data;

import java.nio.file.Path;

/** What a picture may cost before a byte of it is decoded. */
final class Limits {

  /** Pixels of the largest picture that is read: 10,000 × 10,000. */
  static final long PIXELS = 100_000_000;

  /** Bytes of the largest file that is read: more than any encoding of that many pixels. */
  static final long FILE = 1L << 30;

  private Limits() {}

  /**
   * Checks the extents that a file's header gives.
   *
   * @param bytesPerPixel what decoding holds in memory at once
   * @param smallestFile bytes that a file of these extents has at least, however simple the picture
   * @throws ImageException if the picture is too large, or the file too small for it
   */
  static void check(
      Path file, long width, long height, int bytesPerPixel, long smallestFile, long fileSize) {
    if (width < 1 || height < 1) {
      throw ImageException.of(
          file, "the header gives %d×%d pixels; the file is damaged", width, height);
    }
    // Divided, because the product of hostile extents overflows.
    if (width > PIXELS / height) {
      throw ImageException.of(
          file,
          "the header gives %d×%d pixels; at most %,d are read: scale the picture down first",
          width,
          height,
          PIXELS);
    }
    if (smallestFile > fileSize) {
      throw ImageException.of(
          file,
          "the header gives %d×%d pixels, but %d bytes cannot hold so many; the file is cut short"
              + " or damaged",
          width,
          height,
          fileSize);
    }
    long needed = width * height * bytesPerPixel;
    long available = Runtime.getRuntime().maxMemory() / 4 * 3;
    if (needed > available) {
      throw ImageException.of(
          file,
          "decoding %d×%d pixels takes %,d MiB of memory, but %,d MiB are there; give Java more"
              + " (-Xmx) or scale the picture down",
          width,
          height,
          needed >> 20,
          available >> 20);
    }
  }
}
