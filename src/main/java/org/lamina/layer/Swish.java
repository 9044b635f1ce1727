package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Swish, also called SiLU: every value times its own sigmoid.
 *
 * <pre>
 *   y = x / (1 + exp(-beta*x))
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. With beta = 1 this is PyTorch's SiLU. Source:
 * Ramachandran, Zoph and Le (2017), section 3; Elfwing, Uchibe and Doya (2017), equation 2.
 *
 * @param beta how sharp the bend is, any finite number
 */
@Key("swish")
public record Swish(@Default("1") double beta) implements Layer {

  /**
   * @throws InvalidParameterException if beta is not finite
   */
  public Swish {
    Check.finite("beta", beta);
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
