package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Hyperbolic tangent: every value is squashed into (-1, 1).
 *
 * <pre>
 *   y = tanh(x)
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN.
 */
@Key("tanh")
public record Tanh() implements Layer {

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
