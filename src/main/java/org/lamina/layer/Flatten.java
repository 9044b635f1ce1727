package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Every element of an image becomes a channel of one pixel.
 *
 * <pre>
 *   y[n, (c*H + h)*W + w, 0, 0] = x[n,c,h,w]
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C*H*W, 1, 1].
 */
@Key("flatten")
public record Flatten() implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    long elements = Check.only(inputs).volume();
    return Signature.of(inputs, new Chw(Check.fitsInt("from", "elements", elements), 1, 1));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Copies.flatten(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return CopyGradients.flatten(site);
  }
}
