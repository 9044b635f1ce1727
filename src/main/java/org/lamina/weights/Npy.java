package org.lamina.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/**
 * A single array in NumPy's file format, versions 1.0 to 3.0.
 *
 * <p>Source: the description in NumPy's {@code numpy.lib.format}.
 */
public final class Npy {

  /** NumPy begins the elements at a multiple of this. */
  private static final int ALIGNMENT = 64;

  private Npy() {}

  /**
   * Reads an array of float16, float32 or float64, of either byte order, as floats; float64 is
   * rounded. An array in Fortran order is turned around, so that the last axis varies fastest.
   *
   * @throws WeightsException if the file is missing, no array of these types, or not exactly as
   *     long as its shape says
   */
  public static Tensor read(Path path) {
    try (InputFile file = InputFile.open(path)) {
      NpyHeader header = NpyHeader.read(file);
      Shape shape = header.shape();
      float[] values =
          file.floats(header.begin(), (int) shape.volume(), header.type(), header.order());
      return new Tensor(shape, header.fortran() ? rowMajor(values, shape) : values);
    }
  }

  /** Returns the elements of an array whose first axis varies fastest with the last one fastest. */
  static float[] rowMajor(float[] fortran, Shape shape) {
    float[] values = new float[fortran.length];
    int[] index = new int[shape.rank()];
    for (int i = 0; i < values.length; i++) {
      int at = 0;
      for (int axis = shape.rank() - 1; axis >= 0; axis--) {
        at = at * shape.extent(axis) + index[axis];
      }
      values[i] = fortran[at];
      for (int axis = shape.rank() - 1; axis >= 0 && ++index[axis] == shape.extent(axis); axis--) {
        index[axis] = 0;
      }
    }
    return values;
  }

  /**
   * Writes a tensor as little-endian float32 in version 1.0; whole or not at all, as {@link
   * Safetensors#write}.
   *
   * @throws WeightsException if the file cannot be written
   */
  public static void write(Path path, Tensor tensor) {
    ByteBuffer header = header(tensor.shape());
    AtomicFile.write(
        path,
        channel -> {
          AtomicFile.drain(header, channel);
          AtomicFile.drain(tensor.values(), ElementType.F32, channel);
        });
  }

  /** Returns what stands before the elements of a float32 array. */
  static ByteBuffer header(Shape shape) {
    String extents =
        shape.extents().stream().map(String::valueOf).collect(Collectors.joining(", "));
    String dictionary =
        "{'descr': '<f4', 'fortran_order': False, 'shape': ("
            + extents
            + (shape.rank() == 1 ? ",), }" : "), }");
    int prefix = NpyHeader.MAGIC.length + 4;
    int begin = (prefix + dictionary.length() + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
    ByteBuffer header = ByteBuffer.allocate(begin).order(ByteOrder.LITTLE_ENDIAN);
    header.put(NpyHeader.MAGIC).put((byte) 1).put((byte) 0).putShort((short) (begin - prefix));
    header.put(dictionary.getBytes(StandardCharsets.US_ASCII));
    while (header.position() < begin - 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').flip();
  }
}
