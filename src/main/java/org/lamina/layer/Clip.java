package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Limits every value to a range.
 *
 * <pre>
 *   y = min(max(x, min), max)
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. NaN stays NaN. A limit that is left out is none: also infinities
 * then stay what they are. {@code clip: {min: 0, max: 6}} is the ReLU6 of the MobileNets
 * (Krizhevsky 2010).
 *
 * @param min the smallest value let through, at most max
 * @param max the largest value let through
 */
@Key("clip")
public record Clip(
    @Default("-3.4028234663852886e38") double min, @Default("3.4028234663852886e38") double max)
    implements Layer {

  /**
   * @throws InvalidParameterException if a limit is not finite or min is greater than max
   */
  public Clip {
    Check.finite("min", min);
    Check.finite("max", max);
    Check.that(min <= max, "min", "min must be at most max, but is %s where max is %s", min, max);
  }

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
