package org.lamina.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/** Where the parameters of a network come from: a file, a seed, memory. */
public interface WeightSource {

  /** Returns what messages call this source: a file's path, for example. */
  String origin();

  /** Returns the names of all tensors with their shapes; loads none of them. */
  Map<String, Shape> shapes();

  /**
   * Loads a tensor; empty if there is none of that name.
   *
   * @throws WeightsException if it cannot be read, or its values are not floating-point numbers
   */
  Optional<Tensor> read(String name);

  /** Returns a source of tensors in memory; the map is copied, the tensors are not. */
  static WeightSource of(String origin, Map<String, Tensor> tensors) {
    Map<String, Tensor> copy = new LinkedHashMap<>(tensors);
    Map<String, Shape> shapes = new LinkedHashMap<>();
    copy.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return new WeightSource() {
      @Override
      public String origin() {
        return origin;
      }

      @Override
      public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
      }

      @Override
      public Optional<Tensor> read(String name) {
        return Optional.ofNullable(copy.get(name));
      }
    };
  }
}
