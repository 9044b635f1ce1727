package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Hard sigmoid: a sigmoid made of three straight lines.
 *
 * <pre>
 *   y = min(max(alpha*x + beta, 0), 1)
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. The defaults are ONNX's; PyTorch and MobileNetV3 have
 * alpha = 1/6. Source: Courbariaux, Bengio and David (2015), section 2.1 (with other constants).
 *
 * @param alpha the slope in the middle, any finite number
 * @param beta the value at 0, any finite number
 */
@Key("hard_sigmoid")
public record HardSigmoid(@Default("0.2") double alpha, @Default("0.5") double beta)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is not finite
   */
  public HardSigmoid {
    Check.finite("alpha", alpha);
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
