package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Gaussian error linear unit: every value times the share of a normal distribution below it.
 *
 * <pre>
 *   y = x/2 * (1 + erf(x/sqrt(2)))
 *   y = x/2 * (1 + tanh(sqrt(2/pi)*(x + 0.044715*x^3)))   with approximate: tanh
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. Computed without cancellation for negative values. NaN stays NaN.
 * Source: Hendrycks and Gimpel (2016), section 2.
 *
 * @param approximate which of the two formulas
 */
@Key("gelu")
public record Gelu(@Default("none") Approximation approximate) implements Layer {

  /** How the distribution is worked out. */
  public enum Approximation {
    /** By the error function. */
    NONE,
    /** By a hyperbolic tangent, as the first implementations did. */
    TANH
  }

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
