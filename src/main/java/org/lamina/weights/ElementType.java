package org.lamina.weights;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.lamina.tensor.Half;

/** The element types that safetensors files name. Those that are read become floats. */
public enum ElementType {
  /** IEEE 754 binary32. */
  F32(4, true),
  /** IEEE 754 binary16. */
  F16(2, true),
  /** The upper half of a binary32. */
  BF16(2, true),
  /** IEEE 754 binary64; rounded to the nearest float when read. */
  F64(8, true),
  /** 64-bit signed integer. */
  I64(8, false),
  /** 32-bit signed integer. */
  I32(4, false),
  /** 16-bit signed integer. */
  I16(2, false),
  /** 8-bit signed integer. */
  I8(1, false),
  /** 64-bit unsigned integer. */
  U64(8, false),
  /** 32-bit unsigned integer. */
  U32(4, false),
  /** 16-bit unsigned integer. */
  U16(2, false),
  /** 8-bit unsigned integer. */
  U8(1, false),
  /** One byte, 0 or 1. */
  BOOL(1, false),
  /** 8 bits, 5 of them exponent. */
  F8_E5M2(1, false),
  /** 8 bits, 4 of them exponent. */
  F8_E4M3(1, false),
  /** 8 bits, all of them exponent. */
  F8_E8M0(1, false),
  /** Two binary32: real and imaginary part. */
  C64(8, false);

  private final int bytes;
  private final boolean readable;

  ElementType(int bytes, boolean readable) {
    this.bytes = bytes;
    this.readable = readable;
  }

  /** Returns the size of one element. */
  public int bytes() {
    return bytes;
  }

  /** Returns the size of a tensor; -1, which none has, if it does not fit a long. */
  public long bytes(List<? extends Number> extents) {
    if (extents.stream().anyMatch(extent -> extent.longValue() == 0)) {
      return 0;
    }
    try {
      long size = bytes;
      for (Number extent : extents) {
        size = Math.multiplyExact(size, extent.longValue());
      }
      return size;
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  /** Returns whether tensors of this type can be read as floats. */
  public boolean readable() {
    return readable;
  }

  /** Returns the type with this name, if there is one. */
  public static Optional<ElementType> named(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** Returns whether the values are real numbers, which {@link #read} can give as floats. */
  public boolean real() {
    return switch (this) {
      case C64, F8_E5M2, F8_E4M3, F8_E8M0 -> false;
      default -> true;
    };
  }

  /**
   * Reads {@code count} elements at the buffer's position, in its byte order, into floats, and
   * rounds what a float cannot hold.
   *
   * @throws IllegalArgumentException if the type is not {@link #real}
   */
  public void read(ByteBuffer from, float[] to, int offset, int count) {
    if (this == F32) {
      from.asFloatBuffer().get(to, offset, count);
      from.position(from.position() + count * bytes);
      return;
    }
    for (int i = offset; i < offset + count; i++) {
      to[i] = next(from);
    }
  }

  private float next(ByteBuffer from) {
    return switch (this) {
      case F32 -> from.getFloat();
      case F16 -> Half.toFloat(from.getShort());
      case BF16 -> Half.bfloatToFloat(from.getShort());
      case F64 -> (float) from.getDouble();
      case I64 -> from.getLong();
      case I32 -> from.getInt();
      case I16 -> from.getShort();
      case I8 -> from.get();
      case U64 -> unsigned(from.getLong());
      case U32 -> Integer.toUnsignedLong(from.getInt());
      case U16 -> Short.toUnsignedInt(from.getShort());
      case U8 -> Byte.toUnsignedInt(from.get());
      case BOOL -> from.get() == 0 ? 0 : 1;
      default -> throw new IllegalArgumentException(this + " is not read as float");
    };
  }

  private static float unsigned(long value) {
    // The lowest bit is kept in the half, so that rounding goes the right way.
    return value >= 0 ? value : ((value >>> 1) | (value & 1)) * 2.0f;
  }

  /**
   * Writes {@code count} floats at the buffer's position, in its byte order, and moves on.
   *
   * @throws IllegalArgumentException if the type is none of F32, F16 and BF16
   */
  public void write(float[] from, int offset, int count, ByteBuffer to) {
    switch (this) {
      case F32 -> {
        to.asFloatBuffer().put(from, offset, count);
        to.position(to.position() + count * bytes);
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          to.putShort(Half.fromFloat(from[offset + i]));
        }
      }
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          to.putShort(Half.bfloatFromFloat(from[offset + i]));
        }
      }
      default -> throw new IllegalArgumentException("tensors are not written as " + this);
    }
  }
}
