package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The product of two or more inputs, element by element.
 *
 * <pre>
 *   y = x0 * x1 * ...    from left to right
 * </pre>
 *
 * <p>y is [N, C, H, W]. Every extent C, H and W of an input is that of y or 1, and then its only
 * element stands for all of them. With one input of [N, C, 1, 1] every channel is weighted: the
 * gates of squeeze-and-excitation networks. Source: Hu, Shen, Albanie, Sun and Wu (2017), equation
 * 4.
 */
@Key("mul")
public record Multiply() implements Layer, Join {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Elementwise.several(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Elementwise.compile(site, Elementwise.Operation.MULTIPLY);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ElementwiseGradients.compile(site, Elementwise.Operation.MULTIPLY);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
