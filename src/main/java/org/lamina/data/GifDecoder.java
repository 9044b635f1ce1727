package org.lamina.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Decodes the first frame of a GIF. The blocks before it (texts, times) are skipped here and the
 * frame alone is handed to the JDK's decoder.
 *
 * <p>Source: the GIF89a specification, CompuServe 1990.
 */
final class GifDecoder {

  private static final int HEADER = 13;
  private static final int DESCRIPTOR = 10;
  private static final int IMAGE = 0x2C;
  private static final int EXTENSION = 0x21;
  private static final int TRAILER = 0x3B;

  private final Path file;
  private final byte[] bytes;

  private GifDecoder(Path file, byte[] bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  static Picture decode(Path file, byte[] bytes) throws IOException {
    return new GifDecoder(file, bytes).decode();
  }

  private Picture decode() throws IOException {
    int start = HEADER + colours(at(10));
    int frame = start;
    while (at(frame) == EXTENSION) {
      frame = blocksEnd(frame + 2);
    }
    if (at(frame) != IMAGE) {
      throw ImageException.of(file, "the GIF has no frame at byte %d; it is damaged", frame);
    }
    int width = word(frame + 5);
    int height = word(frame + 7);
    // One index a pixel and one frame; LZW has no bound on what a byte can mean.
    Limits.check(file, width, height, 1 + Picture.CHANNELS, 0, bytes.length);
    int end = blocksEnd(frame + DESCRIPTOR + colours(at(frame + 9)) + 1);
    byte[] alone = Arrays.copyOf(bytes, start + end - frame + 1);
    System.arraycopy(bytes, frame, alone, start, end - frame);
    alone[alone.length - 1] = TRAILER;
    return Pixels.of(Reader.image("gif", alone));
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
