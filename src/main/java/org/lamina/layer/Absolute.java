package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The absolute value.
 *
 * <pre>
 *   y = |x|
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. Caffe calls it AbsVal.
 */
@Key("abs")
public record Absolute() implements Layer {

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
