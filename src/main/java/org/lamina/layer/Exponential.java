package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The exponential function.
 *
 * <pre>
 *   y = exp(x)
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. From about 88.7 on the result is infinite. NaN stays NaN. A base, a
 * scale and a shift, which Caffe's Exp has, are a {@code power} with exponent 1 before it.
 */
@Key("exp")
public record Exponential() implements Layer {

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
