package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The largest value of every channel over all its pixels.
 *
 * <pre>
 *   y[n,c,0,0] = max over h, w of x[n,c,h,w]
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C, 1, 1]. NaN in a channel gives NaN.
 */
@Key("global_max_pool")
public record GlobalMaxPooling() implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, new Chw(Check.only(inputs).c(), 1, 1));
  }

  @Override
  public LayerProgram compile(Site site) {
    return GlobalPooling.compile(site, "global_max_pooling_forward");
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return GlobalPooling.backward(site, true);
  }
}
