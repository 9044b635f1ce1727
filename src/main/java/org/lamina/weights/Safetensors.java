package org.lamina.weights;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/**
 * Tensors in a safetensors file. Opening reads the header alone, and a tensor costs its own bytes.
 *
 * <p>The file is little-endian: 8 bytes with the header's length, a JSON header that gives every
 * tensor's name, type, shape and place, then the tensors, row-major. A file with a gap, an overlap,
 * a repeated name or anything else that the format forbids is refused when it is opened. Safe for
 * several threads.
 *
 * <p>Source: the format's description at https://github.com/huggingface/safetensors.
 */
public final class Safetensors implements TensorFile {

  private final InputFile file;
  private final SafetensorsHeader header;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, ElementType> types = new LinkedHashMap<>();

  private Safetensors(InputFile file, SafetensorsHeader header) {
    this.file = file;
    this.header = header;
    header
        .tensors()
        .forEach(
            (name, entry) -> {
              shapes.put(name, entry.shape());
              types.put(name, entry.type());
            });
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws WeightsException if the file is missing, unreadable or not exactly what the format
   *     allows
   */
  public static Safetensors open(Path path) {
    return open(InputFile.open(path));
  }

  /**
   * Opens a file that is in memory, and checks its header.
   *
   * @param path what messages call it
   * @throws WeightsException if it is not exactly what the format allows
   */
  public static Safetensors of(Path path, byte[] bytes) {
    return open(InputFile.of(path, bytes));
  }

  private static Safetensors open(InputFile file) {
    try {
      return new Safetensors(file, SafetensorsHeader.read(file));
    } catch (WeightsException e) {
      file.close();
      throw e;
    }
  }

  /** Returns the path of the file. */
  @Override
  public String origin() {
    return file.path().toString();
  }

  /** Returns {@code safetensors}. */
  @Override
  public String format() {
    return "safetensors";
  }

  /** Returns the names of all tensors with their shapes, in the order of the header. */
  @Override
  public Map<String, Shape> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  /** Returns the element types of all tensors, in the order of the header. */
  @Override
  public Map<String, ElementType> types() {
    return Collections.unmodifiableMap(types);
  }

  /** Returns the texts that the file carries beside its tensors. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(header.metadata());
  }

  /**
   * Loads a tensor as floats; empty if there is none of that name. F16 and BF16 are widened
   * exactly, F64 is rounded.
   *
   * @throws WeightsException if its elements are not floating-point numbers, are more than a Java
   *     array can hold, or the file can no longer be read
   */
  @Override
  public Optional<Tensor> read(String name) {
    SafetensorsHeader.Entry entry = header.tensors().get(name);
    if (entry == null) {
      return Optional.empty();
    }
    String where = file.path() + ": tensor '" + Printable.text(name) + "' ";
    if (!entry.type().readable()) {
      throw new WeightsException(
          where + "holds " + entry.type() + "; only F32, F16, BF16 and F64 can be read");
    }
    long elements = (entry.end() - entry.begin()) / entry.type().bytes();
    if (elements > Integer.MAX_VALUE - 8) {
      throw new WeightsException(where + "has more elements than a Java array can hold");
    }
    float[] values =
        file.floats(entry.begin(), (int) elements, entry.type(), ByteOrder.LITTLE_ENDIAN);
    return Optional.of(new Tensor(entry.shape(), values));
  }

  @Override
  public void stream(String name, Pieces to) {
    SafetensorsHeader.Entry entry = header.tensors().get(name);
    if (entry == null) {
      return;
    }
    if (!entry.type().real()) {
      throw new WeightsException(
          file.path()
              + ": tensor '"
              + Printable.text(name)
              + "' holds "
              + entry.type()
              + ", which is not read as real numbers");
    }
    long elements = (entry.end() - entry.begin()) / entry.type().bytes();
    file.stream(entry.begin(), elements, entry.type(), ByteOrder.LITTLE_ENDIAN, to);
  }

  /** Closes the file; tensors that were read stay. */
  @Override
  public void close() {
    file.close();
  }

  /**
   * Writes tensors as F32, without metadata.
   *
   * @throws WeightsException as {@link #write(Path, Map, ElementType, Map)}
   */
  public static void write(Path path, Map<String, Tensor> tensors) {
    write(path, tensors, ElementType.F32, Map.of());
  }

  /**
   * Writes tensors in the order of the map. The file appears whole or not at all: it is written
   * under a temporary name beside its place, flushed to the disk, and renamed.
   *
   * @param path the file, replaced if there is one
   * @param tensors by name
   * @param type F32, F16 or BF16; values are rounded to the nearest
   * @param metadata texts to keep beside the tensors
   * @throws WeightsException if the file cannot be written
   * @throws IllegalArgumentException if the type is another, or a tensor is called {@code
   *     __metadata__}
   */
  public static void write(
      Path path, Map<String, Tensor> tensors, ElementType type, Map<String, String> metadata) {
    write(path, WeightSource.of("memory", tensors), type, metadata);
  }

  /**
   * Writes the tensors of a source, each as it is read, so that they need not be in memory
   * together. The file appears whole or not at all.
   *
   * @param path the file, replaced if there is one
   * @param source what to write, in the order of its shapes
   * @param type F32, F16 or BF16; values are rounded to the nearest
   * @param metadata texts to keep beside the tensors
   * @throws WeightsException if a tensor cannot be read or the file not written
   * @throws IllegalArgumentException if the type is another, or a tensor is called {@code
   *     __metadata__}
   */
  public static void write(
      Path path, WeightSource source, ElementType type, Map<String, String> metadata) {
    SafetensorsWriter.write(path, source, type, metadata);
  }
}
