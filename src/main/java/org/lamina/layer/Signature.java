package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * What a layer reads, writes and learns, for one image.
 *
 * @param inputs shapes read by the forward pass
 * @param output shape written by the forward pass
 * @param parameters the tensors that come with the layer, in the order its program wants them
 * @param macs multiply-accumulate operations of the forward pass for one image; those of
 *     convolutions and fully connected layers, as is the custom
 */
public record Signature(List<Chw> inputs, Chw output, List<Parameter> parameters, long macs) {

  /** Copies the lists. */
  public Signature {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /** Returns the signature of a layer that learns nothing. */
  public static Signature of(List<Chw> inputs, Chw output) {
    return new Signature(inputs, output, List.of(), 0);
  }

  /** Returns the only input, or the first of several. */
  public Chw input() {
    return inputs.get(0);
  }

  /** Returns the number of learned values: running statistics do not count. */
  public long learned() {
    return parameters.stream()
        .filter(Parameter::learned)
        .mapToLong(parameter -> parameter.shape().volume())
        .sum();
  }
}
