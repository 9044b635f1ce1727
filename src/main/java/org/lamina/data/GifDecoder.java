package org.lamina.data;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;

/**
 * Decodes the first frame of a GIF, by itself: the JDK's decoder leaves a frame half blank whose
 * data end too early, and says nothing.
 *
 * <p>Source: the GIF89a specification, CompuServe 1990.
 */
final class GifDecoder {

  private static final int HEADER = 13;
  private static final int IMAGE = 0x2C;
  private static final int EXTENSION = 0x21;
  private static final int INTERLACED = 0x40;

  /** The most pixels that a byte can stand for: strings of 4095 in codes of 12 bits, rounded up. */
  private static final int PIXELS_PER_BYTE = 4096;

  /** Rows of the four passes of an interlaced frame: first row, step. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private final Path file;
  private final byte[] bytes;

  private GifDecoder(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static Picture decode(Path file, byte[] bytes) {
    return new GifDecoder(file, bytes).decode();
  }

  private Picture decode() {
    int frame = HEADER + colours(at(10));
    while (at(frame) == EXTENSION) {
      frame = blocksEnd(frame + 2);
    }
    if (at(frame) != IMAGE) {
      throw ImageException.of(file, "the GIF has no frame at byte %d; it is damaged", frame);
    }
    int width = word(frame + 5);
    int height = word(frame + 7);
    long pixels = (long) width * height;
    Limits.check(file, width, height, 1 + Picture.CHANNELS, pixels / PIXELS_PER_BYTE, bytes.length);
    int flags = at(frame + 9);
    int local = frame + 10;
    int codes = local + colours(flags);
    int palette = colours(flags) > 0 ? local : HEADER;
    int size = colours(flags) > 0 ? colours(flags) : colours(at(10));
    if (size == 0 || at(codes) < 1 || at(codes) > 8) {
      throw ImageException.of(
          file, "the GIF's frame at byte %d has no colours, or no valid code size", frame);
    }
    byte[] indices = new LzwDecoder(file, at(codes), width * height).decode(blocks(codes + 1));
    return new Picture(
        width, height, colour(indices, width, palette, size, (flags & INTERLACED) != 0));
  }

  private byte[] colour(byte[] indices, int width, int palette, int size, boolean interlaced) {
    int height = indices.length / width;
    byte[] rgb = new byte[indices.length * Picture.CHANNELS];
    int row = 0;
    for (int[] pass : interlaced ? PASSES : new int[][] {{0, 1}}) {
      for (int y = pass[0]; y < height; y += pass[1], row++) {
        for (int x = 0; x < width; x++) {
          int colour = (indices[row * width + x] & 0xFF) * Picture.CHANNELS;
          // Indices beyond the table are black.
          for (int c = 0; c < Picture.CHANNELS && colour < size; c++) {
            rgb[(y * width + x) * Picture.CHANNELS + c] = bytes[palette + colour + c];
          }
        }
      }
    }
    return rgb;
  }

  /** Returns the bytes of the colour table that a field of flags announces. */
  private static int colours(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
  }

  /** Returns where a chain of sub-blocks ends, each with its length before it, the last empty. */
  private int blocksEnd(int first) {
    int block = first;
    while (at(block) != 0) {
      block += at(block) + 1;
    }
    return block + 1;
  }

  /** Returns the content of a chain of sub-blocks. */
  private byte[] blocks(int first) {
    int end = blocksEnd(first);
    ByteArrayOutputStream content = new ByteArrayOutputStream(end - first);
    for (int block = first; at(block) != 0; block += at(block) + 1) {
      content.write(bytes, block + 1, at(block));
    }
    return content.toByteArray();
  }

  private int word(int index) {
    return at(index) | at(index + 1) << 8;
  }

  private int at(int index) {
    if (index >= bytes.length) {
      throw ImageException.of(
          file, "the GIF ends too early: it is cut short at %d bytes, or damaged", bytes.length);
    }
    return bytes[index] & 0xFF;
  }
}
