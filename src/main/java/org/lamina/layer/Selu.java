package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Scaled exponential linear unit: an ELU whose constants keep mean 0 and variance 1 from layer to
 * layer.
 *
 * <pre>
 *   y = gamma*x                     where x &gt;= 0
 *   y = gamma*alpha*(exp(x) - 1)    where x &lt; 0
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. Source: Klambauer, Unterthiner, Mayr and Hochreiter
 * (2017), equation 2, whose alpha and lambda (here gamma, as ONNX calls it) are the defaults.
 *
 * @param alpha the bend of negative values, any finite number
 * @param gamma the factor of everything, any finite number
 */
@Key("selu")
public record Selu(
    @Default("1.6732632423543772") double alpha, @Default("1.0507009873554805") double gamma)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is not finite
   */
  public Selu {
    Check.finite("alpha", alpha);
    Check.finite("gamma", gamma);
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
