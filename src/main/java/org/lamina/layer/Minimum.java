package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The smallest of two or more inputs, element by element.
 *
 * <pre>
 *   y = min(x0, x1, ...)
 * </pre>
 *
 * <p>y is [N, C, H, W]. Every extent C, H and W of an input is that of y or 1, and then its only
 * element stands for all of them. If one is NaN, so is y.
 */
@Key("min")
public record Minimum() implements Layer, Join {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Elementwise.several(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Elementwise.compile(site, Elementwise.Operation.MINIMUM);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ElementwiseGradients.compile(site, Elementwise.Operation.MINIMUM);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
