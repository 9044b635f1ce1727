package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Hard swish: a swish without exponentials.
 *
 * <pre>
 *   y = 0             where x &lt;= -3
 *   y = x             where x &gt;= 3
 *   y = x*(x + 3)/6   between
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. Source: Howard et al.: Searching for MobileNetV3
 * (2019), section 5.2.
 */
@Key("hard_swish")
public record HardSwish() implements Layer {

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
