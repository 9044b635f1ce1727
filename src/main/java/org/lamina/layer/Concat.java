package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The channels of all inputs, one after the other.
 *
 * <pre>
 *   y[n, C0 + ... + C(k-1) + c, h, w] = xk[n,c,h,w]
 * </pre>
 *
 * <p>Input xk is [N, Ck, H, W]; y is [N, C0 + C1 + ..., H, W]. Where the plan lets an input lie
 * inside the output, nothing is copied.
 */
@Key("concat")
public record Concat() implements Layer, Join {

  @Override
  public Signature infer(List<Chw> inputs) {
    Check.that(!inputs.isEmpty(), "from", "the layer takes 1 or more inputs, but has none");
    Chw first = inputs.get(0);
    long channels = 0;
    for (int i = 0; i < inputs.size(); i++) {
      Chw x = inputs.get(i);
      Check.that(
          x.h() == first.h() && x.w() == first.w(),
          "from",
          "all inputs must have the same height and width, but input 1 is %s and input %d is %s",
          first,
          i + 1,
          x);
      channels += x.c();
    }
    return Signature.of(
        inputs, new Chw(Check.fitsInt("from", "channels", channels), first.h(), first.w()));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Copies.concat(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return CopyGradients.concat(site);
  }
}
