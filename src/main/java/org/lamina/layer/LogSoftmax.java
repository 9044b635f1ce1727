package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The logarithm of the softmax over the channels of every pixel.
 *
 * <pre>
 *   y[n,c,h,w] = x[n,c,h,w] - m - log(sum over i of exp(x[n,i,h,w] - m))
 *   m = max over i of x[n,i,h,w]
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. Unlike the logarithm of a softmax it does not underflow: a channel
 * whose probability rounds to zero has a finite result. NaN in a pixel makes all its channels NaN.
 */
@Key("log_softmax")
public record LogSoftmax() implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Check.only(inputs));
  }

  @Override
  public LayerProgram compile(Site site) {
    return SoftmaxPrograms.compile(site, "log_softmax_forward");
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return SoftmaxPrograms.backward(site, true);
  }
}
