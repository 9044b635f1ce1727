package org.lamina.formats.onnx;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lamina.formats.FormatException;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.weights.ElementType;
import org.lamina.weights.Printable;

/** The elements of the tensors of a model, wherever they are. */
final class Elements {

  /** The value of {@code data_location} for elements in a file of their own. */
  private static final int EXTERNAL = 1;

  private final String file;
  private final ExternalData external;

  /**
   * Reads the tensors of one file.
   *
   * @param file how messages call it
   * @param external the files that lie beside it
   */
  Elements(String file, ExternalData external) {
    this.file = file;
    this.external = external;
  }

  /** Returns the element type with a number; empty for those that are no real numbers. */
  static Optional<ElementType> type(int number) {
    return Optional.ofNullable(
        switch (number) {
          case 1 -> ElementType.F32;
          case 2 -> ElementType.U8;
          case 3 -> ElementType.I8;
          case 4 -> ElementType.U16;
          case 5 -> ElementType.I16;
          case 6 -> ElementType.I32;
          case 7 -> ElementType.I64;
          case 9 -> ElementType.BOOL;
          case 10 -> ElementType.F16;
          case 11 -> ElementType.F64;
          case 12 -> ElementType.U32;
          case 13 -> ElementType.U64;
          case 16 -> ElementType.BF16;
          default -> null;
        });
  }

  /** Returns what messages call an element type. */
  static String typeName(int number) {
    return switch (number) {
      case 8 -> "strings";
      case 14, 15 -> "complex numbers";
      case 17, 18, 19, 20, 23, 24 -> "floats of 8 bits or less";
      case 21, 22 -> "integers of 4 bits";
      default ->
          type(number)
              .map(type -> type.name().toLowerCase(Locale.ROOT))
              .orElse("elements of type " + number);
    };
  }

  /**
   * Returns the values of a tensor; its elements stay where they are. What is found wrong with
   * their number is found now.
   *
   * @throws FormatException if they are no real numbers, or not as many as the shape says
   */
  Values of(TensorProto tensor) {
    String name = Printable.text(tensor.getName());
    ElementType type =
        type(tensor.getDataType())
            .orElseThrow(
                () ->
                    wrong(
                        name,
                        "holds %s; only numbers can be read",
                        typeName(tensor.getDataType())));
    List<Integer> dims = dims(tensor, name);
    int count;
    try {
      count = Dims.count(dims);
    } catch (Unfit e) {
      throw wrong(name, "%s", e.getMessage());
    }
    Source source = source(tensor, type, count, name);
    if (type.readable()) {
      return Values.floats(name, dims, () -> source.floats(type, count));
    }
    return Values.integers(name, dims, () -> source.longs(type, count));
  }

  private List<Integer> dims(TensorProto tensor, String name) {
    List<Integer> dims = new ArrayList<>();
    for (long extent : tensor.getDimsList()) {
      if (extent < 0 || extent > Integer.MAX_VALUE) {
        throw wrong(name, "has an extent of %d", extent);
      }
      dims.add((int) extent);
    }
    return dims;
  }

  /** Gives the stored bytes of a tensor from an offset on; little-endian. */
  @FunctionalInterface
  private interface Bytes {
    ByteBuffer at(long offset, int length);
  }

  /**
   * Where elements lie.
   *
   * @param bytes their bytes
   * @param stored how each is stored there
   * @param varints the numbers of variable length that stand for them instead
   */
  private record Source(Bytes bytes, ElementType stored, List<ByteString> varints) {

    private static final int PIECE = 1 << 16;

    float[] floats(ElementType type, int count) {
      float[] values = new float[count];
      if (!varints.isEmpty()) {
        Varints numbers = new Varints(varints);
        for (int i = 0; i < count; i++) {
          values[i] = fromBits(type, (short) numbers.next());
        }
        return values;
      }
      for (int done = 0; done < count; done += PIECE) {
        int now = Math.min(PIECE, count - done);
        stored.read(
            bytes.at((long) done * stored.bytes(), now * stored.bytes()), values, done, now);
      }
      return values;
    }

    private static float fromBits(ElementType type, short bits) {
      float[] one = new float[1];
      type.read(ByteBuffer.allocate(2).putShort(0, bits), one, 0, 1);
      return one[0];
    }

    long[] longs(ElementType type, int count) {
      long[] values = new long[count];
      Varints numbers = new Varints(varints);
      for (int i = 0; i < count; i++) {
        values[i] =
            varints.isEmpty()
                ? integer(bytes.at((long) i * type.bytes(), type.bytes()), type)
                : numbers.next();
      }
      return values;
    }

    private static long integer(ByteBuffer from, ElementType type) {
      return switch (type) {
        case I64, U64 -> from.getLong();
        case I32 -> from.getInt();
        case U32 -> Integer.toUnsignedLong(from.getInt());
        case I16 -> from.getShort();
        case U16 -> Short.toUnsignedInt(from.getShort());
        case I8 -> from.get();
        default -> Byte.toUnsignedInt(from.get());
      };
    }
  }

  private Source source(TensorProto tensor, ElementType type, int count, String name) {
    long bytes = (long) count * type.bytes();
    if (tensor.getDataLocation() == EXTERNAL) {
      return new Source(external.open(tensor, bytes)::at, type, List.of());
    }
    if (tensor.hasRawData()) {
      require(name, tensor.getRawData().size(), bytes);
      return new Source(slices(tensor.getRawData()), type, List.of());
    }
    List<ByteString> list =
        switch (type) {
          case F32 -> tensor.getFloatDataList();
          case F64 -> tensor.getDoubleDataList();
          case I64 -> tensor.getInt64DataList();
          case U32, U64 -> tensor.getUint64DataList();
          default -> tensor.getInt32DataList();
        };
    if (type == ElementType.F32 || type == ElementType.F64) {
      require(name, list.stream().mapToLong(ByteString::size).sum(), bytes);
      return new Source(list.isEmpty() ? none() : slices(whole(list)), type, List.of());
    }
    long found = Varints.count(list);
    if (found != count) {
      throw wrong(name, "has %d elements, but its shape wants %d", found, count);
    }
    return new Source(none(), type, list);
  }

  /** A tensor is in one piece, unless somebody took pains. */
  private static ByteString whole(List<ByteString> pieces) {
    return pieces.size() == 1 ? pieces.get(0) : ByteString.copyFrom(pieces);
  }

  private static Bytes none() {
    return (offset, length) -> ByteBuffer.allocate(0);
  }

  private static Bytes slices(ByteString all) {
    ByteBuffer buffer = all.asReadOnlyByteBuffer();
    return (offset, length) ->
        buffer
            .duplicate()
            .position((int) offset)
            .limit((int) offset + length)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
  }

  private void require(String name, long found, long wanted) {
    if (found != wanted) {
      throw wrong(name, "has %d bytes of elements, but its shape wants %d", found, wanted);
    }
  }

  private FormatException wrong(String name, String problem, Object... values) {
    return new FormatException(
        String.format(Locale.ROOT, "%s: tensor '%s' ", file, name)
            + String.format(Locale.ROOT, problem, values));
  }

  /** Numbers of variable length, one after the other; the parser has not looked at them. */
  private static final class Varints {
    private final List<ByteString> pieces;
    private int piece;
    private int at;

    Varints(List<ByteString> pieces) {
      this.pieces = pieces;
    }

    static long count(List<ByteString> pieces) {
      long count = 0;
      for (ByteString bytes : pieces) {
        for (int i = 0; i < bytes.size(); i++) {
          count += bytes.byteAt(i) >= 0 ? 1 : 0;
        }
      }
      return count;
    }

    long next() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        while (at == pieces.get(piece).size()) {
          piece++;
          at = 0;
        }
        byte bits = pieces.get(piece).byteAt(at++);
        value |= shift < Long.SIZE ? (long) (bits & 0x7F) << shift : 0;
        if (bits >= 0) {
          return value;
        }
      }
    }
  }

  /**
   * Reads a tensor that is a file of its own.
   *
   * @throws FormatException if the bytes are no tensor
   */
  static TensorProto parse(String file, ByteString bytes) {
    try {
      return TensorProto.parseFrom(Wire.checked(file, bytes, TensorProto.getDescriptor()));
    } catch (IOException e) {
      throw new FormatException(file + ": is not an ONNX tensor: " + e.getMessage(), e);
    }
  }
}
