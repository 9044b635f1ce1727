package org.lamina.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Decodes PNG. The chunks that pixels are made of are checked against their sums and handed to the
 * JDK's decoder; the others (profiles, texts, animations, transparency) never reach it.
 *
 * <p>Source: the PNG specification, third edition, sections 5 and 11.
 */
final class PngDecoder {

  private static final int SIGNATURE = 8;
  private static final int OUTSIDE = 12;
  private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "IDAT", "IEND");

  /** Samples of a pixel by colour type. */
  private static final Map<Integer, Integer> SAMPLES = Map.of(0, 1, 2, 3, 3, 1, 4, 2, 6, 4);

  /** Deflate shrinks by no more than this. */
  private static final long MOST_DEFLATED = 1032;

  private PngDecoder() {}

  static Picture decode(Path file, byte[] bytes) throws IOException {
    ByteBuffer png = ByteBuffer.wrap(bytes);
    ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
    kept.write(bytes, 0, SIGNATURE);
    png.position(SIGNATURE);
    for (String type = ""; !type.equals("IEND"); ) {
      int at = png.position();
      type = chunk(file, png);
      if (at == SIGNATURE) {
        checkHeader(file, png, type);
      }
      if (KEPT.contains(type)) {
        kept.write(bytes, at, png.position() - at);
      } else if (Character.isUpperCase(type.charAt(0))) {
        throw ImageException.of(file, "the PNG needs its chunk %s, which is not known", type);
      }
    }
    return Pixels.of(Reader.image("png", kept.toByteArray()));
  }

  /** Moves behind the next chunk and returns its type. */
  private static String chunk(Path file, ByteBuffer png) {
    int at = png.position();
    long length = png.remaining() < OUTSIDE ? Long.MAX_VALUE : png.getInt(at) & 0xFFFFFFFFL;
    if (length > png.remaining() - OUTSIDE) {
      throw ImageException.of(
          file, "the PNG ends too early: it is cut short at %d bytes, or damaged", png.limit());
    }
    int checked = (int) length + 4;
    CRC32 sum = new CRC32();
    sum.update(png.array(), at + 4, checked);
    if ((int) sum.getValue() != png.getInt(at + 4 + checked)) {
      throw ImageException.of(
          file, "the PNG's chunk at byte %d does not fit its check sum; it is damaged", at);
    }
    png.position(at + (int) length + OUTSIDE);
    return new String(png.array(), at + 4, 4, StandardCharsets.ISO_8859_1);
  }

  private static void checkHeader(Path file, ByteBuffer png, String type) {
    int data = SIGNATURE + 8;
    if (!type.equals("IHDR") || png.position() != data + 13 + 4) {
      throw ImageException.of(file, "the PNG does not begin with its header; it is damaged");
    }
    long width = png.getInt(data) & 0xFFFFFFFFL;
    long height = png.getInt(data + 4) & 0xFFFFFFFFL;
    int depth = png.get(data + 8);
    Integer samples = SAMPLES.get((int) png.get(data + 9));
    if (samples == null || depth < 1 || depth > 16 || Integer.bitCount(depth) != 1) {
      throw ImageException.of(
          file,
          "the PNG's header gives colour type %d with %d bits, which does not exist",
          png.get(data + 9),
          depth);
    }
    int bits = samples * depth;
    long raw = Math.min(width, Limits.PIXELS) * Math.min(height, Limits.PIXELS) / 8 * bits;
    Limits.check(
        file,
        width,
        height,
        (bits + 7) / 8 + Picture.CHANNELS,
        raw / MOST_DEFLATED,
        png.capacity());
  }
}
