package org.lamina.layer;

import java.util.List;

/**
 * What a layer sees beyond its tensors when it is trained, forward and backward.
 *
 * @param values the layer's parameters as files store them, in the order of {@link
 *     Signature#parameters}
 * @param state what the forward pass keeps for the way back: {@link LayerProgram#state} floats
 * @param samples one int for each image: which sample it is, for random numbers
 * @param stream names the layer among all users of random numbers
 */
public record Learning(List<Floats> values, Floats state, Floats samples, int stream) {

  /** Copies the list. */
  public Learning {
    values = List.copyOf(values);
  }
}
