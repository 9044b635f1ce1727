package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Mish: every value times the hyperbolic tangent of its softplus.
 *
 * <pre>
 *   y = x * tanh(log(1 + exp(x)))
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. Source: Misra (2019), equation 1.
 */
@Key("mish")
public record Mish() implements Layer {

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
