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
 * <p>y is [N, C, H, W], and so are the inputs; an extent C, H or W of an input may also be 1, and
 * then its only element stands for all of them. Source: the shortcuts of He, Zhang, Ren and Sun
 * (2016).
 */
@Key("add")
public record Add() implements Layer, Join {

  @Override
  public Signature infer(List<Chw> inputs) {
    Check.that(
        inputs.size() >= 2, "from", "the layer takes 2 or more inputs, but has %d", inputs.size());
    Chw y = Elementwise.largest(inputs);
    if (!inputs.stream().allMatch(x -> Elementwise.fits(x, y))) {
      refuse(inputs);
    }
    return Signature.of(inputs, y);
  }

  @Override
  public LayerProgram compile(Site site) {
    return stretches(site.signature())
        ? Elementwise.compile(site, Elementwise.Operation.ADD)
        : AddPrograms.compile(site);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return stretches(site.signature())
        ? ElementwiseGradients.compile(site, Elementwise.Operation.ADD)
        : GradientProgram.same(site);
  }

  /** Throws, naming the first two inputs that do not go together. */
  private static void refuse(List<Chw> inputs) {
    for (int i = 1; i < inputs.size(); i++) {
      for (int j = 0; j < i; j++) {
        Chw largest = Elementwise.largest(List.of(inputs.get(j), inputs.get(i)));
        Check.that(
            Elementwise.fits(inputs.get(j), largest) && Elementwise.fits(inputs.get(i), largest),
            "from",
            "all inputs must have the same shape, but input %d is %s and input %d is %s",
            j + 1,
            inputs.get(j),
            i + 1,
            inputs.get(i));
      }
    }
  }

  private static boolean stretches(Signature signature) {
    return signature.inputs().stream().anyMatch(x -> !x.equals(signature.output()));
  }
}
