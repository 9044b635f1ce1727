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

  /** Takes the values of a tensor, in order, a piece at a time. */
  @FunctionalInterface
  interface Pieces {

    /**
     * Takes the next {@code count} values, which begin at {@code offset} and may be overwritten.
     */
    void accept(float[] values, int offset, int count);
  }

  /**
   * Hands over the values of a tensor in pieces, so that large ones need not be in memory as a
   * whole. Unlike {@link #read}, this also gives integers, rounded to the nearest float: for
   * looking at them. Gives nothing if there is no such tensor.
   *
   * @throws WeightsException if it cannot be read, or its values are not real numbers
   */
  default void stream(String name, Pieces to) {
    read(name).ifPresent(tensor -> to.accept(tensor.values(), 0, tensor.values().length));
  }

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
