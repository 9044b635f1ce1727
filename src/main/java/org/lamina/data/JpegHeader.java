package org.lamina.data;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What a JPEG file says before its first scan.
 *
 * @param width columns
 * @param height rows
 * @param components the identifiers of its components
 * @param jfif whether it calls itself JFIF
 * @param adobe the colour transform that Adobe's segment names: 0 none, 1 YCbCr, 2 YCCK
 * @param stripped the file without the segments that decoding does not need: profiles, thumbnails
 *     and comments of strangers never reach a parser
 */
record JpegHeader(
    int width, int height, byte[] components, boolean jfif, OptionalInt adobe, byte[] stripped) {

  /** Progressive files have about ten; more than this is an attack on the decoder's time. */
  private static final int MOST_SCANS = 200;

  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP0 = 0xE0;
  private static final int APP14 = 0xEE;
  private static final int APP15 = 0xEF;
  private static final int COMMENT = 0xFE;

  /**
   * Reads the segments up to the first scan.
   *
   * @throws ImageException if there is no picture in the file, or it ends too early
   */
  static JpegHeader read(Path file, byte[] bytes) {
    return new Walk(file, bytes).header();
  }

  /** Returns whether the colours are stored as luminance and two differences. */
  boolean luminance() {
    if (components.length == 4) {
      return adobe.orElse(0) != 0;
    }
    boolean named = Arrays.equals(components, new byte[] {'R', 'G', 'B'});
    return components.length == 3 && (jfif || (adobe.isPresent() ? adobe.getAsInt() != 0 : !named));
  }

  /** Goes from segment to segment. */
  private static final class Walk {
    private final Path file;
    private final byte[] bytes;
    private final ByteArrayOutputStream kept;
    private int at = 2;
    private int frame = -1;
    private boolean jfif;
    private OptionalInt adobe = OptionalInt.empty();

    Walk(Path file, byte[] bytes) {
      this.file = file;
      this.bytes = bytes;
      this.kept = new ByteArrayOutputStream(bytes.length);
    }

    JpegHeader header() {
      kept.write(0xFF);
      kept.write(SOI);
      for (int marker = next(); marker != SOS; marker = next()) {
        segment(marker);
      }
      if (frame < 0) {
        throw ImageException.of(file, "the JPEG has no frame before its first scan; it is damaged");
      }
      requireFewScans();
      kept.write(bytes, at - 2, bytes.length - at + 2);
      int count = bytes[frame + 7] & 0xFF;
      byte[] components = new byte[count];
      for (int i = 0; i < count; i++) {
        components[i] = bytes[frame + 8 + 3 * i];
      }
      return new JpegHeader(
          word(frame + 5), word(frame + 3), components, jfif, adobe, kept.toByteArray());
    }

    /** Moves behind the next marker that is followed by a segment, and returns it. */
    private int next() {
      while (at + 1 < bytes.length) {
        int marker = bytes[at] == (byte) 0xFF ? bytes[at + 1] & 0xFF : 0;
        if (marker == EOI) {
          throw ImageException.of(file, "the JPEG ends before its first scan; it is damaged");
        }
        boolean alone = marker == 1 || marker >= 0xD0 && marker <= SOI;
        if (marker != 0 && marker != 0xFF && !alone) {
          at += 2;
          return marker;
        }
        at++;
      }
      throw cutShort();
    }

    private void segment(int marker) {
      if (at + 2 > bytes.length) {
        throw cutShort();
      }
      int length = word(at);
      if (length < 2 || length > bytes.length - at) {
        throw cutShort();
      }
      if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
        if (frame >= 0 || length < 8 || length < 8 + 3 * (bytes[at + 7] & 0xFF)) {
          throw ImageException.of(file, "the JPEG's frame header at byte %d is damaged", at);
        }
        frame = at;
      } else if (marker == APP0 && length >= 7 && named("JFIF\0")) {
        jfif = true;
      } else if (marker == APP14 && length >= 14 && named("Adobe")) {
        adobe = OptionalInt.of(bytes[at + 13] & 0xFF);
      }
      if ((marker < APP0 || marker > APP15) && marker != COMMENT) {
        kept.write(bytes, at - 2, length + 2);
      }
      at += length;
    }

    private boolean named(String name) {
      byte[] expected = name.getBytes(StandardCharsets.ISO_8859_1);
      return Arrays.equals(bytes, at + 2, at + 2 + expected.length, expected, 0, expected.length);
    }

    private void requireFewScans() {
      int scans = 1;
      for (int i = at; i + 1 < bytes.length; i++) {
        if (bytes[i] == (byte) 0xFF && bytes[i + 1] == (byte) SOS) {
          scans++;
        }
      }
      if (scans > MOST_SCANS) {
        throw ImageException.of(
            file, "the JPEG has %d scans; at most %d are read", scans, MOST_SCANS);
      }
    }

    private int word(int index) {
      return (bytes[index] & 0xFF) << 8 | bytes[index + 1] & 0xFF;
    }

    private ImageException cutShort() {
      return ImageException.of(
          file, "the JPEG ends too early: it is cut short at %d bytes, or damaged", bytes.length);
    }
  }
}
