package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Leaky rectified linear unit: negative values are scaled down instead of cut off.
 *
 * <pre>
 *   y = x         where x &gt;= 0
 *   y = slope*x   where x &lt; 0
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. Source: Maas, Hannun and Ng (2013), equation 3.
 *
 * @param slope the factor for negative values, any finite number
 */
@Key("leaky_relu")
public record LeakyRelu(@Default("0.01") double slope) implements Layer {

  /**
   * @throws InvalidParameterException if slope is not finite
   */
  public LeakyRelu {
    Check.finite("slope", slope);
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
