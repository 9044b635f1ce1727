package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Softmax: the channels of every pixel become probabilities.
 *
 * <pre>
 *   y[n,c,h,w] = exp(x[n,c,h,w] - m) / sum over i of exp(x[n,i,h,w] - m)
 *   m = max over i of x[n,i,h,w]
 * </pre>
 *
 * <p>x and y are [N, C, H, W]; they sum to 1 over C. Subtracting the maximum changes nothing but
 * keeps every exponential from overflowing. NaN in a pixel makes all its channels NaN.
 */
@Key("softmax")
public record Softmax() implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Check.only(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return SoftmaxPrograms.compile(site, "softmax_forward");
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return SoftmaxPrograms.backward(site, false);
  }
}
