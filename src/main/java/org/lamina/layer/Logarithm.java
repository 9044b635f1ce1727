package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The natural logarithm.
 *
 * <pre>
 *   y = log(x)
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. The logarithm of 0 is minus infinity, that of a negative number NaN.
 * Another base is a {@code power} with exponent 1 and a scale after it.
 */
@Key("log")
public record Logarithm() implements Layer {

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
