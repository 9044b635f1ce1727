package org.lamina.formats.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.FormatException;
import org.lamina.formats.onnx.schema.TensorProto;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.ElementType;
import org.lamina.weights.Printable;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;

/** Tensors of a model, read from its file when they are asked for. */
final class OnnxWeights implements TensorFile {

  private final OnnxFile file;
  private final Map<String, Values> values;

  /**
   * Makes a source.
   *
   * @param file where the values come from; closed with this
   * @param values the tensors by the names under which they are asked for
   */
  OnnxWeights(OnnxFile file, Map<String, Values> values) {
    this.file = file;
    this.values = new LinkedHashMap<>(values);
  }

  /** Returns the tensors that a model stores, by its own names. */
  static OnnxWeights stored(OnnxFile file) {
    Map<String, Values> values = new LinkedHashMap<>();
    for (TensorProto tensor : file.model().getGraph().getInitializerList()) {
      if (values.put(tensor.getName(), file.elements().of(tensor)) != null) {
        throw new FormatException(
            "%s: two tensors are called '%s'"
                .formatted(file.path(), Printable.text(tensor.getName())));
      }
    }
    return new OnnxWeights(file, values);
  }

  @Override
  public String format() {
    return "ONNX";
  }

  @Override
  public String origin() {
    return file.path().toString();
  }

  @Override
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    values.forEach((name, tensor) -> shapes.put(name, new Shape(tensor.dims())));
    return Collections.unmodifiableMap(shapes);
  }

  @Override
  public Map<String, ElementType> types() {
    Map<String, ElementType> stored = file.types();
    Map<String, ElementType> types = new LinkedHashMap<>();
    values.forEach(
        (name, tensor) ->
            types.put(
                name,
                tensor.change().isEmpty()
                    ? stored.getOrDefault(tensor.name(), ElementType.F32)
                    : ElementType.F32));
    return Collections.unmodifiableMap(types);
  }

  @Override
  public Optional<Tensor> read(String name) {
    Values tensor = values.get(name);
    if (tensor == null) {
      return Optional.empty();
    }
    if (tensor.isInteger()) {
      throw new WeightsException(
          "%s: tensor '%s' holds integers; weights are floats"
              .formatted(file.path(), Printable.text(name)));
    }
    return Optional.of(new Tensor(new Shape(tensor.dims()), floats(name, tensor)));
  }

  @Override
  public void stream(String name, Pieces to) {
    Values tensor = values.get(name);
    if (tensor != null) {
      float[] all = floats(name, tensor);
      to.accept(all, 0, all.length);
    }
  }

  private float[] floats(String name, Values tensor) {
    try {
      return tensor.floats();
    } catch (Unfit | FormatException e) {
      throw new WeightsException(
          "%s: tensor '%s': %s".formatted(file.path(), Printable.text(name), e.getMessage()), e);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
