package org.lamina.formats.caffe;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.lamina.formats.caffe.WireReader.Wire;
import org.lamina.tensor.Shape;
import org.lamina.weights.ElementType;
import org.lamina.weights.InputFile;
import org.lamina.weights.WeightSource.Pieces;
import org.lamina.weights.WeightsException;

/**
 * A tensor that lies in a file of Caffe.
 *
 * @param begin where its message begins, in bytes
 * @param end where it ends
 * @param shape its extents; those of older files are always 4: [num, channels, height, width]
 * @param type F32, or F64 in files of a Caffe that computes in double
 */
record Blob(long begin, long end, Shape shape, ElementType type) {

  private static final int SHAPE = 7;
  private static final int FLOATS = 5;
  private static final int DOUBLES = 8;

  /** Values that are not worth a buffer of their own; unpacked ones come one by one. */
  private static final int FEW = 256;

  /** What Caffe allows. */
  private static final int MOST_AXES = 32;

  /**
   * Reads everything but the values.
   *
   * @param field the reader of the message around, at the field that is the tensor
   * @throws WeightsException if its values are not as many as its shape says
   */
  static Blob scan(WireReader field) {
    return scan(field.message(), field.begin(), field.end());
  }

  /**
   * Reads everything but the values of the one tensor that a file is.
   *
   * @throws WeightsException as {@link #scan(WireReader)}, or if there is no value
   */
  static Blob scanFile(InputFile file) {
    Blob blob = scan(WireReader.of(file), 0, file.size());
    if (blob.elements() == 0) {
      throw new WeightsException(file.path() + ": holds no tensor of Caffe");
    }
    return blob;
  }

  private static Blob scan(WireReader blob, long begin, long end) {
    long[] legacy = new long[5];
    boolean isLegacy = false;
    List<Long> extents = new ArrayList<>();
    long floats = 0;
    long doubles = 0;
    while (blob.next()) {
      int number = blob.field();
      if (number >= 1 && number <= 4 && blob.wire() == Wire.VARINT) {
        legacy[number] = blob.number();
        isLegacy = true;
      } else if (number == SHAPE) {
        extents = extents(blob.message());
      } else if (number == FLOATS) {
        floats += count(blob, ElementType.F32);
      } else if (number == DOUBLES) {
        doubles += count(blob, ElementType.F64);
      }
    }
    if (isLegacy) {
      extents = List.of(legacy[1], legacy[2], legacy[3], legacy[4]);
    }
    ElementType type = doubles > 0 ? ElementType.F64 : ElementType.F32;
    Shape shape = shape(blob, begin, extents, doubles > 0 ? doubles : floats);
    return new Blob(begin, end, shape, type);
  }

  private static List<Long> extents(WireReader shape) {
    List<Long> extents = new ArrayList<>();
    while (shape.next()) {
      if (shape.field() == 1 && shape.wire() == Wire.VARINT) {
        extents.add(shape.number());
      } else if (shape.field() == 1 && shape.wire() == Wire.BYTES) {
        for (WireReader packed = shape.message(); packed.more(); ) {
          extents.add(packed.packed());
          limitAxes(shape, extents);
        }
      }
      limitAxes(shape, extents);
    }
    return extents;
  }

  private static void limitAxes(WireReader shape, List<Long> extents) {
    if (extents.size() > MOST_AXES) {
      throw shape.fault(shape.begin(), "a tensor has more than %d axes", MOST_AXES);
    }
  }

  private static Shape shape(WireReader at, long begin, List<Long> extents, long values) {
    List<Integer> checked = new ArrayList<>();
    long volume = 1;
    for (long extent : extents) {
      if (extent < 0 || extent > Integer.MAX_VALUE) {
        throw at.fault(begin, "a tensor has an extent of %d", extent);
      }
      checked.add((int) extent);
      // Beyond what any file can hold the exact number does not matter.
      volume =
          extent == 0 ? 0 : volume > Long.MAX_VALUE / extent ? Long.MAX_VALUE : volume * extent;
    }
    Shape shape = new Shape(checked);
    if (volume != values && !(extents.isEmpty() && values == 0)) {
      throw at.fault(
          begin, "a tensor of %s has %d values in the file, not %d", shape, values, volume);
    }
    if (values > Integer.MAX_VALUE - 8) {
      throw at.fault(begin, "a tensor has more elements than a Java array can hold");
    }
    return extents.isEmpty() && values == 0 ? Shape.of(0) : shape;
  }

  /** Returns how many values a field has: packed ones, or a single one. */
  private static long count(WireReader blob, ElementType type) {
    if (isSingle(blob, type)) {
      return 1;
    }
    long bytes = blob.end() - blob.begin();
    if (blob.wire() != Wire.BYTES || bytes % type.bytes() != 0) {
      throw blob.fault(blob.begin(), "%d bytes are no values of type %s", bytes, type);
    }
    return bytes / type.bytes();
  }

  private static boolean isSingle(WireReader blob, ElementType type) {
    return blob.wire() == (type == ElementType.F64 ? Wire.FIXED64 : Wire.FIXED32);
  }

  /** Returns the number of values. */
  int elements() {
    return (int) shape.volume();
  }

  /** Hands over the values, a piece at a time. */
  void stream(InputFile file, Pieces to) {
    int wanted = type == ElementType.F64 ? DOUBLES : FLOATS;
    float[] few = new float[FEW];
    for (WireReader blob = WireReader.of(file, begin, end); blob.next(); ) {
      if (blob.field() != wanted) {
        continue;
      }
      long values = count(blob, type);
      if (values > FEW) {
        file.stream(blob.begin(), values, type, ByteOrder.LITTLE_ENDIAN, to);
      } else {
        for (int i = 0; i < values; i++) {
          long bits = blob.bits(blob.begin() + (long) i * type.bytes(), type.bytes());
          few[i] =
              type == ElementType.F64
                  ? (float) Double.longBitsToDouble(bits)
                  : Float.intBitsToFloat((int) bits);
        }
        to.accept(few, 0, (int) values);
      }
    }
  }

  /**
   * Returns all values.
   *
   * @throws WeightsException if the file has changed since it was scanned
   */
  float[] read(InputFile file) {
    float[] values = new float[elements()];
    int[] done = {0};
    stream(
        file,
        (piece, offset, count) -> {
          if (count > values.length - done[0]) {
            throw new WeightsException(file.path() + ": the file changed while it was read");
          }
          System.arraycopy(piece, offset, values, done[0], count);
          done[0] += count;
        });
    return values;
  }
}
