package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Logistic sigmoid: every value is squashed into (0, 1).
 *
 * <pre>
 *   y = 1 / (1 + exp(-x))
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. Large values give exactly 0 or 1, never an overflow; NaN stays NaN.
 */
@Key("sigmoid")
public record Sigmoid() implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Check.only(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Activations.compile(site, this);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return Activations.backward(site, this);
  }
}
