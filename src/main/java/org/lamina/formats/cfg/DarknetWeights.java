package org.lamina.formats.cfg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.TensorOrigin;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.InputFile;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.weights.WeightsException;

/**
 * A file of weights of Darknet's: three numbers of its version, how many pictures were seen, then
 * little-endian floats in the order of the layers. It says nothing of what they are; the network
 * does.
 */
final class DarknetWeights implements TensorFile {

  private static final int OLD_HEADER = 16;
  private static final int HEADER = 20;

  /** Versions beyond this say that matrices lie column by column. */
  private static final int TRANSPOSED = 1000;

  private final InputFile file;
  private final Map<String, Shape> shapes = new LinkedHashMap<>();
  private final Map<String, Long> places = new LinkedHashMap<>();
  private final boolean transposed;

  private DarknetWeights(InputFile file, boolean transposed) {
    this.file = file;
    this.transposed = transposed;
  }

  /**
   * Opens the weights of a network.
   *
   * @param order the network's parameters in the order of the file
   * @throws WeightsException if the file has more or fewer values than the network needs
   */
  static DarknetWeights open(Path path, Network network, List<String> order) {
    InputFile file = InputFile.open(path);
    try {
      if (file.size() < HEADER) {
        throw new WeightsException(path + ": is too short for weights of Darknet");
      }
      ByteBuffer start = ByteBuffer.wrap(file.bytes(0, HEADER)).order(ByteOrder.LITTLE_ENDIAN);
      int major = start.getInt();
      int minor = start.getInt();
      boolean transposed = major > TRANSPOSED || minor > TRANSPOSED;
      boolean wide = !transposed && (long) major * 10 + minor >= 2;
      DarknetWeights weights = new DarknetWeights(file, transposed);
      weights.place(wide ? HEADER : OLD_HEADER, network, order);
      return weights;
    } catch (WeightsException e) {
      file.close();
      throw e;
    }
  }

  private void place(long begin, Network network, List<String> order) {
    Map<String, Parameter> parameters = Weights.parameters(network);
    long at = begin;
    for (String name : order) {
      Shape shape = parameters.get(name).shape();
      shapes.put(name, shape);
      places.put(name, at);
      at += shape.volume() * Float.BYTES;
    }
    if (at != file.size()) {
      throw new WeightsException(
          String.format(
              Locale.ROOT,
              "%s: has %,d bytes, but the weights of network '%s' would have %,d; are they another network's?",
              file.path(),
              file.size(),
              network.name(),
              at));
    }
  }

  /** Returns where each parameter comes from: values counted from 0. */
  Map<String, TensorOrigin> origins() {
    Map<String, TensorOrigin> origins = new LinkedHashMap<>();
    places.forEach(
        (name, at) ->
            origins.put(
                name,
                new TensorOrigin(
                    "values from byte " + at,
                    shapes.get(name),
                    isTurned(name) ? "transposed" : "")));
    return origins;
  }

  private boolean isTurned(String name) {
    return transposed && shapes.get(name).rank() == 2;
  }

  @Override
  public String format() {
    return "Darknet weights";
  }

  @Override
  public String origin() {
    return file.path().toString();
  }

  @Override
  public Map<String, Shape> shapes() {
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public Map<String, ElementType> types() {
    Map<String, ElementType> types = new LinkedHashMap<>();
    shapes.keySet().forEach(name -> types.put(name, ElementType.F32));
    return types;
  }

  @Override
  public Optional<Tensor> read(String name) {
    Shape shape = shapes.get(name);
    if (shape == null) {
      return Optional.empty();
    }
    if (shape.volume() > Integer.MAX_VALUE - 8) {
      throw new WeightsException(
          file.path() + ": '" + name + "' has more elements than a Java array can hold");
    }
    int elements = (int) shape.volume();
    float[] values =
        file.floats(places.get(name), elements, ElementType.F32, ByteOrder.LITTLE_ENDIAN);
    if (isTurned(name)) {
      float[] columns = values;
      values = new float[elements];
      int rows = shape.extent(0);
      int length = shape.extent(1);
      for (int i = 0; i < elements; i++) {
        values[i] = columns[i % length * rows + i / length];
      }
    }
    return Optional.of(new Tensor(shape, values));
  }

  @Override
  public void close() {
    file.close();
  }
}
