package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Rectified linear unit: negative values become zero.
 *
 * <pre>
 *   y = max(x, 0)
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. Source: Nair and Hinton (2010); Krizhevsky, Sutskever
 * and Hinton (2012), section 3.1.
 */
@Key("relu")
public record Relu() implements Layer {

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
