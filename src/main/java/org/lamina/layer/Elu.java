package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Exponential linear unit: negative values bend towards -alpha.
 *
 * <pre>
 *   y = x                     where x &gt;= 0
 *   y = alpha*(exp(x) - 1)    where x &lt; 0
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. The difference is worked out without cancellation (expm1). NaN stays
 * NaN. Source: Clevert, Unterthiner and Hochreiter (2015), equation 15.
 *
 * @param alpha what very negative values tend to, with its sign changed; any finite number
 */
@Key("elu")
public record Elu(@Default("1") double alpha) implements Layer {

  /**
   * @throws InvalidParameterException if alpha is not finite
   */
  public Elu {
    Check.finite("alpha", alpha);
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
