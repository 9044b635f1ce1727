package org.lamina.train;

import org.lamina.layer.Check;
import org.lamina.layer.Default;
import org.lamina.layer.Key;

/**
 * How gradients change weights: w is a weight, g its gradient averaged over the batch, e the
 * learning rate of the step times the weight's own factor, d the weight decay times the weight's
 * own factor. All arithmetic is in single precision, every weight for itself ({@link Lars} knows
 * the norms of its tensor). See {@code opencl/optimizer.cl}.
 */
public sealed interface Optimizer {

  /** Returns how many values an optimiser remembers for each weight. */
  int memories();

  /**
   * Stochastic gradient descent with momentum.
   *
   * <pre>
   *   form paper:    v = momentum*v - e*(g + d*w);   w = w + v
   *     nesterov:    w = w + momentum*v_new - e*(g + d*w)
   *   form pytorch:  v = momentum*v + (g + d*w);     w = w - e*v
   *     nesterov:    w = w - e*((g + d*w) + momentum*v_new)
   * </pre>
   *
   * <p>The first is Krizhevsky, Sutskever and Hinton (2012), section 5, and also Caffe's: there v
   * carries the learning rate of the steps that made it. In PyTorch's it does not, so that a change
   * of the learning rate acts at once. With a constant rate both are the same. Nesterov's momentum
   * is that of Sutskever, Martens, Dahl and Hinton (2013), written for the weights after the jump,
   * as both programs have it.
   *
   * @param momentum share of the last step that is kept, at least 0 and less than 1
   * @param weightDecay d, at least 0
   * @param nesterov whether the gradient counts as if taken after the jump
   * @param form whose formula it is
   */
  @Key("sgd")
  record Sgd(
      @Default("0") double momentum,
      @Default("0") double weightDecay,
      @Default("false") boolean nesterov,
      @Default("paper") Form form)
      implements Optimizer {

    /** Where the learning rate stands. */
    public enum Form {
      /** In the velocity: the paper's form, and Caffe's. */
      PAPER,
      /** Before the velocity: PyTorch's form. */
      PYTORCH
    }

    /**
     * @throws org.lamina.layer.InvalidParameterException if a parameter is out of the range given
     *     above, or {@code nesterov} has no momentum
     */
    public Sgd {
      share("momentum", momentum);
      notNegative(weightDecay);
      Check.that(!nesterov || momentum > 0, "nesterov", "nesterov needs a momentum above 0");
    }

    @Override
    public int memories() {
      return momentum > 0 ? 1 : 0;
    }
  }

  /**
   * Adam.
   *
   * <pre>
   *   g = g + d*w
   *   m = beta1*m + (1 - beta1)*g;   v = beta2*v + (1 - beta2)*g^2
   *   w = w - e * m/(1 - beta1^t) / (sqrt(v/(1 - beta2^t)) + epsilon)      t = 1, 2, ...
   * </pre>
   *
   * <p>Source: Kingma and Ba (2015), algorithm 1; the decay as a part of the gradient is not theirs
   * but what frameworks mean by it (see {@link AdamW}).
   *
   * @param beta1 share of the mean that is kept, at least 0 and less than 1
   * @param beta2 share of the mean square that is kept, at least 0 and less than 1
   * @param epsilon keeps the divisor from zero, greater than 0
   * @param weightDecay d, at least 0
   */
  @Key("adam")
  record Adam(
      @Default("0.9") double beta1,
      @Default("0.999") double beta2,
      @Default("1.0e-8") double epsilon,
      @Default("0") double weightDecay)
      implements Optimizer {

    /**
     * @throws org.lamina.layer.InvalidParameterException if a parameter is out of the range given
     *     above
     */
    public Adam {
      share("beta1", beta1);
      share("beta2", beta2);
      positive("epsilon", epsilon);
      notNegative(weightDecay);
    }

    @Override
    public int memories() {
      return 2;
    }
  }

  /**
   * Adam with the decay beside the gradient: {@code w = w - e*d*w} before the step of {@link Adam}
   * without decay.
   *
   * <p>Source: Loshchilov and Hutter (2019), algorithm 2, with the schedule's factor in the rate,
   * as PyTorch has it.
   *
   * @param beta1 share of the mean that is kept, at least 0 and less than 1
   * @param beta2 share of the mean square that is kept, at least 0 and less than 1
   * @param epsilon keeps the divisor from zero, greater than 0
   * @param weightDecay d, at least 0
   */
  @Key("adamw")
  record AdamW(
      @Default("0.9") double beta1,
      @Default("0.999") double beta2,
      @Default("1.0e-8") double epsilon,
      @Default("0.01") double weightDecay)
      implements Optimizer {

    /**
     * @throws org.lamina.layer.InvalidParameterException if a parameter is out of the range given
     *     above
     */
    public AdamW {
      share("beta1", beta1);
      share("beta2", beta2);
      positive("epsilon", epsilon);
      notNegative(weightDecay);
    }

    @Override
    public int memories() {
      return 2;
    }
  }

  /**
   * RMSProp with momentum.
   *
   * <pre>
   *   g = g + d*w;   s = decay*s + (1 - decay)*g^2
   *   v = momentum*v + g/(sqrt(s) + epsilon);   w = w - e*v
   * </pre>
   *
   * <p>Source: Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning" (2012);
   * where epsilon and the momentum stand is PyTorch's.
   *
   * @param decay share of the mean square that is kept, at least 0 and less than 1
   * @param momentum share of the last step that is kept, at least 0 and less than 1
   * @param epsilon keeps the divisor from zero, greater than 0
   * @param weightDecay d, at least 0
   */
  @Key("rmsprop")
  record RmsProp(
      @Default("0.99") double decay,
      @Default("0") double momentum,
      @Default("1.0e-8") double epsilon,
      @Default("0") double weightDecay)
      implements Optimizer {

    /**
     * @throws org.lamina.layer.InvalidParameterException if a parameter is out of the range given
     *     above
     */
    public RmsProp {
      share("decay", decay);
      share("momentum", momentum);
      positive("epsilon", epsilon);
      notNegative(weightDecay);
    }

    @Override
    public int memories() {
      return momentum > 0 ? 2 : 1;
    }
  }

  /**
   * Layer-wise adaptive rate scaling: {@link Sgd} in the paper's form, with each tensor's rate in
   * proportion to the ratio of its norms.
   *
   * <pre>
   *   e' = e * trust * |w| / (|g| + d*|w| + epsilon);   e' = e where |w| or |g| is 0
   *   v = momentum*v + e'*(g + d*w);   w = w - v
   * </pre>
   *
   * <p>Source: You, Gitman and Ginsburg, "Large batch training of convolutional networks" (2017),
   * algorithm 1. Tensors whose weight decay is switched off by a {@code rates} entry (biases,
   * normalisation) keep the plain rate, as is the custom.
   *
   * @param momentum share of the last step that is kept, at least 0 and less than 1
   * @param weightDecay d, at least 0
   * @param trust how far a tensor may move in one step, relative to its norm, greater than 0
   * @param epsilon keeps the divisor from zero, greater than 0
   */
  @Key("lars")
  record Lars(
      @Default("0.9") double momentum,
      @Default("5.0e-4") double weightDecay,
      @Default("0.001") double trust,
      @Default("1.0e-9") double epsilon)
      implements Optimizer {

    /**
     * @throws org.lamina.layer.InvalidParameterException if a parameter is out of the range given
     *     above
     */
    public Lars {
      share("momentum", momentum);
      notNegative(weightDecay);
      positive("trust", trust);
      positive("epsilon", epsilon);
    }

    @Override
    public int memories() {
      return 1;
    }
  }

  /** Returns d, the weight decay before a weight's own factor. */
  double weightDecay();

  private static void share(String key, double value) {
    Check.that(
        value >= 0 && value < 1,
        key,
        "%s must be at least 0 and less than 1, but is %s",
        key,
        value);
  }

  private static void positive(String key, double value) {
    Check.finite(key, value);
    Check.that(value > 0, key, "%s must be greater than 0, but is %s", key, value);
  }

  private static void notNegative(double value) {
    Check.finite("weight_decay", value);
    Check.that(value >= 0, "weight_decay", "weight_decay must be at least 0, but is %s", value);
  }
}
