package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The mean of every channel over all its pixels.
 *
 * <pre>
 *   y[n,c,0,0] = (sum over h, w of x[n,c,h,w]) / (H*W)
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C, 1, 1]. NaN in a channel gives NaN. Source: Lin, Chen and Yan
 * (2013), section 3.2.
 */
@Key("global_avg_pool")
public record GlobalAveragePooling() implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, new Chw(Check.only(inputs).c(), 1, 1));
  }

  @Override
  public LayerProgram compile(Site site) {
    return GlobalPooling.compile(site, "global_average_pooling_forward");
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return GlobalPooling.backward(site, false);
  }
}
