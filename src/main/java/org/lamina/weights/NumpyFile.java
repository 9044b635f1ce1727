package org.lamina.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/**
 * The arrays of a file that NumPy wrote: {@code .npz}, an archive of arrays that go by their names,
 * packed or not; or {@code .npy}, a single one that goes by the name of the file. Safe for several
 * threads.
 *
 * <p>Source: the descriptions in {@code numpy.lib.format} and of {@code numpy.savez}.
 */
public final class NumpyFile implements TensorFile {

  private static final String ENDING = ".npy";

  private static final int MOST_ARRAYS = 20_000;

  private final InputFile file;
  private final String format;
  private final Map<String, Stored> arrays;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, ElementType> types = new LinkedHashMap<>();

  /** An array in the file. */
  private record Stored(NpyHeader header, Content content) {}

  /** Where the bytes of an array come from, its header first. */
  @FunctionalInterface
  private interface Content {
    void stream(ByteOrder order, ZipArchive.Bytes to);
  }

  private NumpyFile(InputFile file, String format, Map<String, Stored> arrays) {
    this.file = file;
    this.format = format;
    this.arrays = arrays;
    arrays.forEach(
        (name, array) -> {
          shapes.put(name, array.header().shape());
          types.put(name, array.header().type());
        });
  }

  /**
   * Opens a file of either kind and checks what describes its arrays.
   *
   * @throws WeightsException if it is missing, damaged, or holds something else than arrays of
   *     numbers
   */
  public static NumpyFile open(Path path) {
    InputFile file = InputFile.open(path);
    try {
      byte[] start = file.bytes(0, (int) Math.min(2, file.size()));
      return start.length == 2 && start[0] == 'P' && start[1] == 'K'
          ? archive(ZipArchive.open(file))
          : single(file);
    } catch (WeightsException e) {
      file.close();
      throw e;
    }
  }

  private static NumpyFile single(InputFile file) {
    NpyHeader header = NpyHeader.parse(file.path(), 0, NpyHeader.start(file), file.size(), true);
    String name = String.valueOf(file.path().getFileName());
    Stored stored =
        new Stored(
            header,
            (order, to) -> {
              ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
              for (long at = 0; at < file.size(); at += buffer.limit()) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), file.size() - at));
                to.accept(file.fill(at, buffer).order(order));
              }
            });
    return new NumpyFile(file, "NumPy array", Map.of(withoutEnding(name), stored));
  }

  private static NumpyFile archive(ZipArchive archive) {
    Path path = archive.file().path();
    if (archive.entries().size() > MOST_ARRAYS) {
      throw new WeightsException(
          path + ": the archive has more than " + MOST_ARRAYS + " entries; no network has so many");
    }
    Map<String, Stored> arrays = new LinkedHashMap<>();
    for (ZipArchive.Entry entry : archive.entries().values()) {
      if (!entry.name().endsWith(ENDING)) {
        throw WeightsException.at(
            path,
            entry.begin(),
            "%s",
            "entry '" + Printable.text(entry.name()) + "' is no array; NumPy's end in " + ENDING);
      }
      NpyHeader header =
          NpyHeader.parse(
              path, entry.begin(), archive.start(entry, NpyHeader.START), entry.size(), true);
      arrays.put(
          withoutEnding(entry.name()),
          new Stored(header, (order, to) -> archive.stream(entry, order, to)));
    }
    return new NumpyFile(archive.file(), "NumPy archive", arrays);
  }

  private static String withoutEnding(String name) {
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }

  /** Returns the path of the file. */
  @Override
  public String origin() {
    return file.path().toString();
  }

  /** Returns {@code NumPy array} or {@code NumPy archive}. */
  @Override
  public String format() {
    return format;
  }

  @Override
  public Map<String, Shape> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public Map<String, ElementType> types() {
    return Collections.unmodifiableMap(types);
  }

  @Override
  public Optional<Tensor> read(String name) {
    Stored array = arrays.get(name);
    if (array == null) {
      return Optional.empty();
    }
    if (!array.header().type().readable()) {
      throw new WeightsException(
          "%s: array '%s' holds %s; only F32, F16 and F64 can be read"
              .formatted(file.path(), Printable.text(name), array.header().type()));
    }
    return Optional.of(new Tensor(array.header().shape(), values(array)));
  }

  private static float[] values(Stored array) {
    NpyHeader header = array.header();
    float[] values = new float[(int) header.shape().volume()];
    int[] done = {0};
    elements(
        array,
        (piece, offset, count) -> {
          System.arraycopy(piece, offset, values, done[0], count);
          done[0] += count;
        });
    return header.fortran() ? Npy.rowMajor(values, header.shape()) : values;
  }

  @Override
  public void stream(String name, Pieces to) {
    Stored array = arrays.get(name);
    if (array == null) {
      return;
    }
    if (array.header().fortran()) {
      float[] values = values(array);
      to.accept(values, 0, values.length);
    } else {
      elements(array, to);
    }
  }

  /** Hands over the elements as they lie; one may begin in a piece and end in the next. */
  private static void elements(Stored array, Pieces to) {
    NpyHeader header = array.header();
    int width = header.type().bytes();
    ByteBuffer rest = ByteBuffer.allocate(width).order(header.order());
    long[] skip = {header.begin()};
    array.content().stream(
        header.order(),
        bytes -> {
          int skipped = (int) Math.min(skip[0], bytes.remaining());
          skip[0] -= skipped;
          bytes.position(bytes.position() + skipped);
          while (rest.position() > 0 && rest.hasRemaining() && bytes.hasRemaining()) {
            rest.put(bytes.get());
          }
          if (!rest.hasRemaining()) {
            accept(header.type(), rest.flip(), 1, to);
            rest.clear();
          }
          accept(header.type(), bytes, bytes.remaining() / width, to);
          while (bytes.hasRemaining()) {
            rest.put(bytes.get());
          }
        });
  }

  private static void accept(ElementType type, ByteBuffer bytes, int count, Pieces to) {
    if (count > 0) {
      float[] values = new float[count];
      type.read(bytes, values, 0, count);
      to.accept(values, 0, count);
    }
  }

  /** Closes the file; arrays that were read stay. */
  @Override
  public void close() {
    file.close();
  }

  /**
   * Writes tensors as an archive of float32 arrays, not packed, as {@code numpy.savez} does. Whole
   * or not at all, as {@link Safetensors#write}.
   *
   * @throws WeightsException if the file cannot be written, or a tensor cannot be read
   */
  public static void write(Path path, WeightSource source) {
    NpzWriter.write(path, source);
  }
}
