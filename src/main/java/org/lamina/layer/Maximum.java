package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The largest of two or more inputs, element by element.
 *
 * <pre>
 *   y = max(x0, x1, ...)
 * </pre>
 *
 * <p>y is [N, C, H, W]. Every extent C, H and W of an input is that of y or 1, and then its only
 * element stands for all of them. If one is NaN, so is y. Source: the maxout of Goodfellow, Warde-
 * Farley, Mirza, Courville and Bengio (2013).
 */
@Key("max")
public record Maximum() implements Layer, Join {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Elementwise.several(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Elementwise.compile(site, Elementwise.Operation.MAXIMUM);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ElementwiseGradients.compile(site, Elementwise.Operation.MAXIMUM);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
