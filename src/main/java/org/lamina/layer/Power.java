package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * A power of a linear function of every value.
 *
 * <pre>
 *   y = (shift + scale*x)^exponent
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. With exponent 1, the default, this multiplies and adds constants. A
 * negative number to a power that is not whole is NaN; so is NaN to any power but 0. Caffe calls
 * the exponent power.
 *
 * @param exponent the power, any finite number
 * @param scale the factor of the values, any finite number
 * @param shift what is added before the power is taken, any finite number
 */
@Key("power")
public record Power(
    @Default("1") double exponent, @Default("1") double scale, @Default("0") double shift)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is not finite
   */
  public Power {
    Check.finite("exponent", exponent);
    Check.finite("scale", scale);
    Check.finite("shift", shift);
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
