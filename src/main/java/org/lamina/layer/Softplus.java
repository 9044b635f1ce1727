package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Softplus: a rectifier without a corner.
 *
 * <pre>
 *   y = log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|))
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. The second form is the one computed: it neither overflows nor
 * cancels. NaN stays NaN. Caffe calls it BNLL. Source: Dugas, Bengio, Belisle, Nadeau and Garcia
 * (2000).
 */
@Key("softplus")
public record Softplus() implements Layer {

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
