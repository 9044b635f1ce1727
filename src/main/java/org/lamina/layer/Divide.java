package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The quotient of two inputs, element by element.
 *
 * <pre>
 *   y = x0 / x1
 * </pre>
 *
 * <p>y is [N, C, H, W]. Every extent C, H and W of an input is that of y or 1, and then its only
 * element stands for all of them. What is divided by 0 is infinite or, if it is 0 itself, NaN.
 */
@Key("div")
public record Divide() implements Layer, Join {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Elementwise.pair(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Elementwise.compile(site, Elementwise.Operation.DIVIDE);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ElementwiseGradients.compile(site, Elementwise.Operation.DIVIDE);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
