package org.lamina.layer;

import java.util.List;

/**
 * The place a layer's way back is compiled for.
 *
 * @param family which kernels fit the device
 * @param signature what {@link Layer#infer} said for the inputs
 * @param batch the largest number of images in one run; a run may have fewer
 * @param inputs for every input, whether its gradient is wanted
 * @param parameters for every parameter of the signature, whether its gradient is wanted
 * @param phase what the way forward was compiled for: training, or with frozen statistics
 */
public record GradientSite(
    Family family,
    Signature signature,
    int batch,
    List<Boolean> inputs,
    List<Boolean> parameters,
    Phase phase) {

  /** Copies the lists. */
  public GradientSite {
    inputs = List.copyOf(inputs);
    parameters = List.copyOf(parameters);
  }

  /** A place in training where nothing is frozen. */
  public GradientSite(
      Family family,
      Signature signature,
      int batch,
      List<Boolean> inputs,
      List<Boolean> parameters) {
    this(family, signature, batch, inputs, parameters, Phase.TRAINING);
  }

  /** Returns channels in a block of this family's activations. */
  public int vector() {
    return family.vector();
  }

  /** Returns whether the gradient of the first input is wanted. */
  public boolean wantsInput() {
    return inputs.get(0);
  }

  /** Returns whether the gradient of a parameter is wanted; false if there is no such parameter. */
  public boolean wantsParameter(int index) {
    return index < parameters.size() && parameters.get(index);
  }
}
