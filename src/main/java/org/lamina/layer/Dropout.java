package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Dropout: in training a share p of all values, drawn anew each time, is set to zero and the others
 * are divided by 1 - p; in inference nothing happens.
 *
 * <pre>
 *   training    y = x / (1 - p) where a uniform number in [0, 1) is at least p, else 0
 *   inference   y = x
 * </pre>
 *
 * <p>The numbers are a function of seed, epoch, sample, layer and place alone ({@code
 * opencl/dropout.cl}): how samples are put into batches changes nothing.
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
    return site.phase() == Phase.TRAINING && p > 0
        ? DropoutPrograms.compile(this, site)
        : Copies.identity(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return DropoutPrograms.backward(this, site);
  }

  @Override
  public boolean differsInTraining() {
    return p > 0;
  }
}
