package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * Every channel plus a learned summand.
 *
 * <pre>
 *   y[n,c,h,w] = x[n,c,h,w] + bias[c]
 * </pre>
 *
 * <p>x and y are [N, C, H, W]; the parameter is {@code bias} [C].
 *
 * @param init what fills the bias where none is given
 */
@Key("bias")
public record ChannelBias(@Default("0") Initializer init) implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    Parameter bias = new Parameter("bias", Shape.of(x.c()), init, 1, 1, true);
    return new Signature(inputs, x, List.of(bias), 0);
  }

  @Override
  public LayerProgram compile(Site site) {
    return ChannelPrograms.linear(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ChannelGradients.linear(site, false);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
