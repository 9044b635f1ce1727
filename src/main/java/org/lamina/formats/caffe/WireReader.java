package org.lamina.formats.caffe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lamina.weights.InputFile;
import org.lamina.weights.WeightsException;

/**
 * The fields of a protobuf message in a file, one after the other, without loading it: what is
 * passed over is never read.
 */
final class WireReader {

  /** How a field is stored. */
  enum Wire {
    /** A whole number of up to 10 bytes. */
    VARINT,
    /** 8 bytes. */
    FIXED64,
    /** A length, then so many bytes: text, a message, packed numbers. */
    BYTES,
    /** 4 bytes. */
    FIXED32
  }

  /** Bytes read at a time. */
  private static final int WINDOW = 1 << 14;

  /** Part of the file, shared by the readers of all messages in it. */
  private static final class Window {
    private final InputFile file;
    private final ByteBuffer bytes = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN);
    private long begin;

    Window(InputFile file) {
      this.file = file;
      bytes.limit(0);
    }

    byte at(long offset) {
      if (offset < begin || offset >= begin + bytes.limit()) {
        begin = offset;
        bytes.clear().limit((int) Math.min(WINDOW, file.size() - offset));
        file.fill(offset, bytes);
      }
      return bytes.get((int) (offset - begin));
    }
  }

  private final Window window;
  private final long end;
  private long at;
  private int field;
  private Wire wire = Wire.VARINT;
  private long tag;
  private long valueBegin;
  private long valueEnd;

  private WireReader(Window window, long begin, long end) {
    this.window = window;
    this.at = begin;
    this.end = end;
  }

  /** Returns a reader of the message that a file is. */
  static WireReader of(InputFile file) {
    return new WireReader(new Window(file), 0, file.size());
  }

  /** Returns a reader of a part of a file. */
  static WireReader of(InputFile file, long begin, long end) {
    return new WireReader(new Window(file), begin, end);
  }

  /**
   * Goes to the next field; returns whether there is one.
   *
   * @throws WeightsException if what follows is no field, or reaches beyond the message
   */
  boolean next() {
    if (at == end) {
      return false;
    }
    long begin = at;
    long key = varint();
    field = (int) (key >>> 3);
    if (key >>> 3 == 0 || key >>> 3 > (1 << 29) - 1) {
      throw fault(begin, "%d is no tag of a field", key);
    }
    switch ((int) (key & 7)) {
      case 0 -> value(Wire.VARINT, begin, skipVarint());
      case 1 -> value(Wire.FIXED64, begin, 8);
      case 2 -> {
        long length = varint();
        value(Wire.BYTES, begin, length);
      }
      case 5 -> value(Wire.FIXED32, begin, 4);
      default -> throw fault(begin, "field %d is of an unknown kind, %d", field, key & 7);
    }
    return true;
  }

  private long skipVarint() {
    long begin = at;
    varint();
    long length = at - begin;
    at = begin;
    return length;
  }

  private void value(Wire kind, long begin, long length) {
    if (length < 0 || length > end - at) {
      throw fault(
          begin,
          "field %d would have %s bytes, but the message ends after %d; is the file complete?",
          field,
          Long.toUnsignedString(length),
          end - at);
    }
    wire = kind;
    tag = begin;
    valueBegin = at;
    at += length;
    valueEnd = at;
  }

  private long varint() {
    long begin = at;
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == end) {
        throw fault(begin, "a number reaches beyond its message; is the file complete?");
      }
      byte part = window.at(at++);
      value |= shift < 64 ? (part & 0x7fL) << shift : 0;
      if (part >= 0) {
        return value;
      }
    }
    throw fault(begin, "a number has more than 10 bytes");
  }

  /** Returns the number of the field. */
  int field() {
    return field;
  }

  /** Returns how the field is stored. */
  Wire wire() {
    return wire;
  }

  /** Returns where the field begins in the file, its tag included. */
  long tag() {
    return tag;
  }

  /** Returns where the field's value begins in the file. */
  long begin() {
    return valueBegin;
  }

  /** Returns where it ends. */
  long end() {
    return valueEnd;
  }

  /** Returns the value of a {@link Wire#VARINT}. */
  long number() {
    long after = at;
    at = valueBegin;
    long value = varint();
    at = after;
    return value;
  }

  /** Returns the little-endian number of so many bytes at a place in the file. */
  long bits(long offset, int bytes) {
    long bits = 0;
    for (int i = 0; i < bytes; i++) {
      bits |= (window.at(offset + i) & 0xffL) << 8 * i;
    }
    return bits;
  }

  /**
   * Returns a reader of the field, which is a message or packed numbers.
   *
   * @throws WeightsException if it is stored as something else
   */
  WireReader message() {
    if (wire != Wire.BYTES) {
      throw fault(valueBegin, "field %d should be a message, but is a number", field);
    }
    return new WireReader(window, valueBegin, valueEnd);
  }

  /** Returns the next number of packed ones; to be called while {@link #more}. */
  long packed() {
    return varint();
  }

  /** Returns whether anything follows. */
  boolean more() {
    return at < end;
  }

  /** Returns an exception that says which byte of the file is wrong. */
  WeightsException fault(long offset, String problem, Object... values) {
    return WeightsException.at(window.file.path(), offset, problem, values);
  }
}
