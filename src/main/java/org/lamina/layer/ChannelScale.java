package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * Every channel times a learned factor and, if wanted, plus a learned summand.
 *
 * <pre>
 *   y[n,c,h,w] = weight[c] * x[n,c,h,w] + bias[c]
 * </pre>
 *
 * <p>x and y are [N, C, H, W]; parameters are {@code weight} [C] and, if wanted, {@code bias} [C].
 * It is Caffe's Scale, which follows its BatchNorm. The same constant for all channels is a {@code
 * power} with exponent 1, a bias alone a {@code bias}.
 *
 * @param bias whether a learned value is added to every channel
 * @param init what fills the factors where none are given
 * @param biasInit what fills the bias where none is given
 */
@Key("scale")
public record ChannelScale(
    @Default("true") boolean bias,
    @Default("1") Initializer init,
    @Default("0") Initializer biasInit)
    implements Layer {

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter("weight", Shape.of(x.c()), init, 1, 1, true));
    if (bias) {
      parameters.add(new Parameter("bias", Shape.of(x.c()), biasInit, 1, 1, true));
    }
    return new Signature(inputs, x, parameters, 0);
  }

  @Override
  public LayerProgram compile(Site site) {
    return ChannelPrograms.linear(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ChannelGradients.linear(site, true);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
