package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * Instance normalisation: every channel of every image by its own mean and variance.
 *
 * <pre>
 *   y[n,c,h,w] = weight[c] * (x[n,c,h,w] - mean[n,c]) / sqrt(var[n,c] + epsilon) + bias[c]
 *   mean[n,c] = (sum over h, w of x[n,c,h,w]) / (H*W)
 *   var[n,c]  = (sum over h, w of (x[n,c,h,w] - mean[n,c])^2) / (H*W)
 * </pre>
 *
 * <p>x and y are [N, C, H, W]; parameters are {@code weight} and {@code bias}, both [C], if affine.
 * The same in training and inference. NaN in a channel makes all of it NaN. Source: Ulyanov,
 * Vedaldi and Lempitsky (2016), equation 3.
 *
 * @param epsilon added to the variance, greater than 0
 * @param affine whether there are a weight and a bias; without them they are 1 and 0
 * @param init what fills the weights where none are given
 * @param biasInit what fills the bias where none is given
 */
@Key("instance_norm")
public record InstanceNormalization(
    @Default("1.0e-5") double epsilon,
    @Default("true") boolean affine,
    @Default("1") Initializer init,
    @Default("0") Initializer biasInit)
    implements Layer {

  /**
   * @throws InvalidParameterException if epsilon is out of the range given above
   */
  public InstanceNormalization {
    Check.finite("epsilon", epsilon);
    Check.that(epsilon > 0, "epsilon", "epsilon must be greater than 0, but is %s", epsilon);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    List<Parameter> parameters = new ArrayList<>();
    if (affine) {
      parameters.add(new Parameter("weight", Shape.of(x.c()), init, 1, 1, true));
      parameters.add(new Parameter("bias", Shape.of(x.c()), biasInit, 1, 1, true));
    }
    return new Signature(inputs, x, parameters, 0);
  }

  @Override
  public LayerProgram compile(Site site) {
    return ChannelPrograms.instanceNormalization(site, epsilon);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return ChannelGradients.instanceNormalization(site, this);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }
}
