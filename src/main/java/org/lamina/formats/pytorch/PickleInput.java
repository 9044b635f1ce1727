package org.lamina.formats.pytorch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.lamina.weights.InputFile;
import org.lamina.weights.WeightsException;

/** The bytes of a pickle, read in order. Nothing longer than a megabyte is ever taken at once. */
final class PickleInput {

  /** No name or text of a state dict is nearly as long. */
  private static final int LONGEST = 1 << 20;

  private final InputFile file;
  private final long end;
  private final ByteBuffer buffer =
      ByteBuffer.allocate(1 << 13).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  private long next;

  /** Reads from {@code begin} up to, at most, {@code end}. */
  PickleInput(InputFile file, long begin, long end) {
    this.file = file;
    this.next = begin;
    this.end = end;
  }

  /** Returns where in the file the next byte stands. */
  long at() {
    return next - buffer.remaining();
  }

  InputFile file() {
    return file;
  }

  private ByteBuffer take(int bytes) {
    if (buffer.remaining() < bytes) {
      if (bytes > end - at()) {
        throw bad("the pickle ends in the middle; the file is cut short or damaged");
      }
      next = at();
      int now = (int) Math.min(buffer.capacity(), end - next);
      file.fill(next, buffer.clear().limit(now));
      next += now;
    }
    return buffer;
  }

  int byte1() {
    return take(1).get() & 0xFF;
  }

  int byte2() {
    return take(2).getShort() & 0xFFFF;
  }

  int int4() {
    return take(4).getInt();
  }

  long unsigned4() {
    return take(4).getInt() & 0xFFFFFFFFL;
  }

  long int8() {
    return take(8).getLong();
  }

  /** Pickles have their floats the other way round. */
  double double8() {
    return Double.longBitsToDouble(Long.reverseBytes(take(8).getLong()));
  }

  byte[] bytes(long count) {
    if (count < 0 || count > end - at() || count > LONGEST) {
      throw bad(
          "a text or number of %s bytes, but %d follow and at most %d are read; the file is damaged"
              .formatted(Long.toUnsignedString(count), end - at(), LONGEST));
    }
    byte[] bytes = new byte[(int) count];
    for (int done = 0; done < bytes.length; ) {
      ByteBuffer piece = take(1);
      int now = Math.min(piece.remaining(), bytes.length - done);
      piece.get(bytes, done, now);
      done += now;
    }
    return bytes;
  }

  String text(long count) {
    byte[] bytes = bytes(count);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      // Python 2 has texts of bytes; no tensor of ours is called so.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }

  /** Reads up to the end of the line, which is left out. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (int c = byte1(); c != '\n'; c = byte1()) {
      if (line.length() == 1000) {
        throw bad("a line of more than 1000 characters; the file is damaged");
      }
      line.append((char) c);
    }
    return line.toString();
  }

  WeightsException bad(String problem) {
    return WeightsException.at(file.path(), at(), problem);
  }
}
