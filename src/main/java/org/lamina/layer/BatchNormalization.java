package org.lamina.layer;

import java.util.ArrayList;
import java.util.List;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;

/**
 * Batch normalisation of every channel by its running mean and variance.
 *
 * <pre>
 *   y[n,c,h,w] = gamma[c] * (x[n,c,h,w] - mean[c]) / sqrt(var[c] + epsilon) + beta[c]
 * </pre>
 *
 * <p>x and y are [N, C, H, W]; parameters are {@code weight} (gamma) and {@code bias} (beta) if
 * {@code affine}, then {@code running_mean} and {@code running_var}, all [C]. Inference is this
 * formula with scale and shift worked out in double once, when weights are loaded. NaN stays NaN.
 * Training takes mean and variance of the batch (biased) for it, and moves the running ones towards
 * them (towards the unbiased variance). Where the running ones are frozen, training is by this
 * formula, too, and they stay.
 *
 * <p>Source: Ioffe and Szegedy (2015), algorithms 1 and 2. Momentum is PyTorch's: {@code running =
 * (1 - momentum)*running + momentum*batch}; Caffe's moving_average_fraction is 1 - momentum, and
 * Caffe has no gamma and beta here but in a Scale layer of their own.
 *
 * @param epsilon added to the variance, greater than 0
 * @param momentum share of the new batch in the running statistics, in [0, 1]
 * @param affine whether there are a gamma and a beta; without them they are 1 and 0
 * @param gammaInit what fills gamma where no weights are given
 * @param betaInit what fills beta where no weights are given
 */
@Key("batch_norm")
public record BatchNormalization(
    @Default("1.0e-5") double epsilon,
    @Default("0.1") double momentum,
    @Default("true") boolean affine,
    @Default("1") Initializer gammaInit,
    @Default("0") Initializer betaInit)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public BatchNormalization {
    Check.finite("epsilon", epsilon);
    Check.that(epsilon > 0, "epsilon", "epsilon must be greater than 0, but is %s", epsilon);
    Check.that(
        momentum >= 0 && momentum <= 1,
        "momentum",
        "momentum must be between 0 and 1, but is %s",
        momentum);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    List<Parameter> parameters = new ArrayList<>();
    if (affine) {
      parameters.add(perChannel("weight", x, gammaInit, true));
      parameters.add(perChannel("bias", x, betaInit, true));
    }
    parameters.add(perChannel("running_mean", x, new Initializer.Constant(0), false));
    parameters.add(perChannel("running_var", x, new Initializer.Constant(1), false));
    return new Signature(inputs, x, parameters, 0);
  }

  private static Parameter perChannel(
      String name, Chw x, Initializer initializer, boolean learned) {
    return new Parameter(name, Shape.of(x.c()), initializer, 1, 1, learned);
  }

  @Override
  public LayerProgram compile(Site site) {
    return site.phase() == Phase.INFERENCE
        ? BatchNormalizationPrograms.compile(this, site)
        : BatchNormalizationTraining.compile(this, site);
  }

  @Override
  public boolean fuses(Layer next) {
    return Activations.isActivation(next);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return BatchNormalizationTraining.backward(this, site);
  }

  @Override
  public boolean differsInTraining() {
    return true;
  }
}
