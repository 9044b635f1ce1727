package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Dropout: in training a share p of all values, drawn anew each time, is set to zero and the others
 * are divided by 1 - p; in inference nothing happens.
 *
 * <pre>
 *   y = x
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov
 * (2014). Krizhevsky, Sutskever and Hinton (2012), section 4.2, scale by 1 - p in inference
 * instead; the expected value is the same.
 *
 * @param p the share of values dropped, at least 0 and less than 1
 */
@Key("dropout")
public record Dropout(@Default("0.5") double p) implements Layer {

  /**
   * @throws InvalidParameterException if p is out of the range given above
   */
  public Dropout {
    Check.that(p >= 0 && p < 1, "p", "p must be at least 0 and less than 1, but is %s", p);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Check.only(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Copies.identity(site);
  }
}
