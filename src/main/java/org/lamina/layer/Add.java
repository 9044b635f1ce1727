package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The sum of two or more inputs, element by element.
 *
 * <pre>
 *   y = x0 + x1 + ...    from left to right
 * </pre>
 *
 * <p>All inputs and y are [N, C, H, W]. Source: the shortcuts of He, Zhang, Ren and Sun (2016).
 */
@Key("add")
public record Add() implements Layer, Join {

  @Override
  public Signature infer(List<Chw> inputs) {
    Check.that(
        inputs.size() >= 2, "from", "the layer takes 2 or more inputs, but has %d", inputs.size());
    for (int i = 1; i < inputs.size(); i++) {
      Check.that(
          inputs.get(i).equals(inputs.get(0)),
          "from",
          "all inputs must have the same shape, but input 1 is %s and input %d is %s",
          inputs.get(0),
          i + 1,
          inputs.get(i));
    }
    return Signature.of(inputs, inputs.get(0));
  }

  @Override
  public LayerProgram compile(Site site) {
    return AddPrograms.compile(site);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return GradientProgram.same(site);
  }
}
