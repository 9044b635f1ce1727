package org.lamina.formats.caffe;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.caffe.ParameterSource.Change;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.InputFile;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;

/** Tensors of one of Caffe's files under names; each is read when it is asked for. */
final class BlobTensors implements TensorFile {

  /**
   * A tensor and what becomes of it.
   *
   * @param shape its extents here
   * @param blob where it lies; empty if the file does not have it
   * @param change what is done to it
   * @param divisor what an {@link Change#AVERAGED} one is divided by; empty for 1
   */
  record Entry(Shape shape, Optional<Blob> blob, Change change, Optional<Blob> divisor) {

    static Entry of(Blob blob) {
      return new Entry(blob.shape(), Optional.of(blob), Change.NONE, Optional.empty());
    }
  }

  private final String format;
  private final InputFile file;
  private final Map<String, Entry> entries;

  BlobTensors(String format, InputFile file, Map<String, Entry> entries) {
    this.format = format;
    this.file = file;
    this.entries = new LinkedHashMap<>(entries);
  }

  /**
   * Opens a .caffemodel by itself. Tensors are called {@code <layer>.weight} and {@code .bias}, as
   * Lamina would, where the layer's type says which is which, and {@code <layer>.0} where not.
   */
  static BlobTensors model(Path path) {
    CaffeModel model = CaffeModel.open(path);
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<CaffeLayer> layers = CaffeLayer.all(model);
    for (CaffeLayer layer : layers) {
      List<Blob> blobs = layer.blobs();
      List<String> names = ModelNames.of(layer.type());
      boolean averaged = layer.type().equals("BatchNorm") && blobs.size() == 3;
      for (int i = 0; i < (averaged ? 2 : blobs.size()); i++) {
        String name = layer.name() + "." + (i < names.size() ? names.get(i) : i);
        Entry plain = Entry.of(blobs.get(i));
        entries.putIfAbsent(
            name,
            averaged
                ? new Entry(plain.shape(), plain.blob(), Change.AVERAGED, Optional.of(blobs.get(2)))
                : plain);
      }
    }
    return new BlobTensors("Caffe model", model.file(), entries);
  }

  /** Opens a .binaryproto: one tensor, {@code mean}. */
  static BlobTensors mean(Path path) {
    InputFile file = InputFile.open(path);
    try {
      Blob mean = Blob.scanFile(file);
      return new BlobTensors("Caffe mean", file, Map.of("mean", Entry.of(mean)));
    } catch (WeightsException e) {
      file.close();
      throw e;
    }
  }

  /** Opens a .solverstate: what the optimiser remembers, {@code history.0} and so on. */
  static BlobTensors state(Path path) {
    SolverState state = SolverState.open(path);
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < state.history().size(); i++) {
      entries.put("history." + i, Entry.of(state.history().get(i)));
    }
    return new BlobTensors(
        "Caffe solver state, iteration " + state.iteration(), state.file(), entries);
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public String origin() {
    return file.path().toString();
  }

  @Override
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    entries.forEach((name, entry) -> shapes.put(name, entry.shape()));
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public Map<String, ElementType> types() {
    Map<String, ElementType> types = new LinkedHashMap<>();
    entries.forEach(
        (name, entry) -> types.put(name, entry.blob().map(Blob::type).orElse(ElementType.F32)));
    return Collections.unmodifiableMap(types);
  }

  @Override
  public Optional<Tensor> read(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.blob().isEmpty()) {
      return Optional.of(Tensor.zeros(entry.shape()));
    }
    float[] values = entry.blob().get().read(file);
    switch (entry.change()) {
      case TRANSPOSED -> values = transposed(values, entry.shape());
      case AVERAGED -> divide(values, entry);
      default -> {
        // As it is.
      }
    }
    return Optional.of(new Tensor(entry.shape(), values));
  }

  @Override
  public void stream(String name, Pieces to) {
    Entry entry = entries.get(name);
    if (entry != null && entry.blob().isPresent() && entry.change() == Change.NONE) {
      entry.blob().get().stream(file, to);
    } else {
      TensorFile.super.stream(name, to);
    }
  }

  /** Returns the rows of a matrix that lies in the file column by column. */
  private static float[] transposed(float[] columns, Shape shape) {
    int rows = shape.extent(0);
    int length = rows == 0 ? 0 : columns.length / rows;
    float[] values = new float[columns.length];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < length; i++) {
        values[row * length + i] = columns[i * rows + row];
      }
    }
    return values;
  }

  /** Caffe takes 0 for the sums of a BatchNorm that has seen nothing. */
  private void divide(float[] values, Entry entry) {
    float divisor = entry.divisor().map(blob -> blob.read(file)[0]).orElse(1f);
    float factor = divisor == 0 ? 0 : 1 / divisor;
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
