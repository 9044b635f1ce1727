package org.lamina.layer;

import java.util.Optional;

/**
 * The place a layer is compiled for: the kernel family and the shapes around it. No device: what a
 * plan needs of memory is known before one is opened.
 *
 * @param family which kernels fit the device
 * @param signature what {@link Layer#infer} said for the inputs the program will see
 * @param batch the largest number of images in one run; a run may have fewer
 * @param fused an activation or a pooling to apply before the result is stored; only one that the
 *     layer {@link Layer#fuses} or {@link Layer#pools}
 * @param choices the precision of weights and the algorithms that are wanted
 * @param phase what the program is for
 * @param adds whether another tensor of the result's shape is added before the activation; only
 *     where the layer {@link Layer#adds} it. It is then the program's last input.
 */
public record Site(
    Family family,
    Signature signature,
    int batch,
    Optional<Layer> fused,
    Choices choices,
    Phase phase,
    boolean adds) {

  /** A place where nothing is added. */
  public Site(
      Family family,
      Signature signature,
      int batch,
      Optional<Layer> fused,
      Choices choices,
      Phase phase) {
    this(family, signature, batch, fused, choices, phase, false);
  }

  /** A place for inference. */
  public Site(
      Family family, Signature signature, int batch, Optional<Layer> fused, Choices choices) {
    this(family, signature, batch, fused, choices, Phase.INFERENCE);
  }

  /** A place for inference with the default choices. */
  public Site(Family family, Signature signature, int batch, Optional<Layer> fused) {
    this(family, signature, batch, fused, Choices.defaults());
  }

  /** Returns the same place with another tensor added before the activation. */
  public Site adding() {
    return new Site(family, signature, batch, fused, choices, phase, true);
  }

  /** Returns channels in a block of this family's activations. */
  public int vector() {
    return family.vector();
  }
}
