package org.lamina.data;

import java.nio.file.Path;

/**
 * GIF's variant of Lempel, Ziv and Welch's compression: codes of up to 12 bits, lowest bit first.
 *
 * <p>Source: the GIF89a specification, appendix F.
 */
final class LzwDecoder {

  private static final int MOST_CODES = 1 << 12;

  private final Path file;
  private final int rootBits;
  private final byte[] pixels;
  private final int[] prefix = new int[MOST_CODES];
  private final byte[] last = new byte[MOST_CODES];
  private final byte[] first = new byte[MOST_CODES];
  private final int[] length = new int[MOST_CODES];

  /**
   * Prepares the decoder.
   *
   * @param file what messages are about
   * @param rootBits bits of a pixel, 1 to 8
   * @param count pixels that must come out
   */
  LzwDecoder(Path file, int rootBits, int count) {
    this.file = file;
    this.rootBits = rootBits;
    this.pixels = new byte[count];
    for (int root = 0; root < 1 << rootBits; root++) {
      last[root] = (byte) root;
      first[root] = (byte) root;
      length[root] = 1;
    }
  }

  /**
   * Returns the pixels; codes after the last are ignored.
   *
   * @throws ImageException if the data end before all pixels are there, or hold an impossible code
   */
  byte[] decode(byte[] data) {
    int clear = 1 << rootBits;
    int end = clear + 1;
    int next = end + 1;
    int bits = rootBits + 1;
    int previous = -1;
    int done = 0;
    long bit = 0;
    while (done < pixels.length) {
      int code = code(data, bit, bits);
      bit += bits;
      if (code == clear) {
        next = end + 1;
        bits = rootBits + 1;
        previous = -1;
        continue;
      }
      boolean fresh = code == next && previous >= 0 && next < MOST_CODES;
      if (code == end || code >= next && !fresh) {
        throw ImageException.of(
            file, "the GIF's pixels end, or make no sense, after %d of %d", done, pixels.length);
      }
      if (previous >= 0 && next < MOST_CODES) {
        prefix[next] = previous;
        first[next] = first[previous];
        last[next] = first[fresh ? previous : code];
        length[next] = length[previous] + 1;
        next++;
        if (next == 1 << bits && bits < 12) {
          bits++;
        }
      }
      done = put(code, done);
      previous = code;
    }
    return pixels;
  }

  /** Writes the string of a code, last pixel first; what exceeds the frame is dropped. */
  private int put(int code, int done) {
    int end = done + length[code];
    int at = end - 1;
    for (int c = code; at >= done; at--, c = prefix[c]) {
      if (at < pixels.length) {
        pixels[at] = last[c];
      }
    }
    return end;
  }

  /** Returns the code at a bit; the end-of-data code where there are too few bits left. */
  private int code(byte[] data, long bit, int bits) {
    if (bit + bits > data.length * 8L) {
      return (1 << rootBits) + 1;
    }
    int at = (int) (bit >>> 3);
    int word = data[at] & 0xFF;
    for (int i = 1; i < 3 && at + i < data.length; i++) {
      word |= (data[at + i] & 0xFF) << 8 * i;
    }
    return word >>> (bit & 7) & (1 << bits) - 1;
  }
}
