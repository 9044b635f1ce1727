package org.lamina.train;

import org.lamina.train.Optimizer.Adam;
import org.lamina.train.Optimizer.AdamW;
import org.lamina.train.Optimizer.Lars;
import org.lamina.train.Optimizer.RmsProp;
import org.lamina.train.Optimizer.Sgd;

/** The optimisers' formulas for one tensor, in double precision, one weight after the other. */
final class OptimizerReference {

  private final Optimizer optimizer;
  private final double rateFactor;
  private final double decayFactor;
  final double[] weights;
  private final double[] m;
  private final double[] v;

  OptimizerReference(Optimizer optimizer, float[] weights, double rateFactor, double decayFactor) {
    this.optimizer = optimizer;
    this.rateFactor = rateFactor;
    this.decayFactor = decayFactor;
    this.weights = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      this.weights[i] = weights[i];
    }
    m = new double[weights.length];
    v = new double[weights.length];
  }

  static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  void step(double[] gradient, double learningRate, int t) {
    double e = learningRate * rateFactor;
    double d = optimizer.weightDecay() * decayFactor;
    if (optimizer instanceof Lars lars) {
      double w = Math.sqrt(squares(weights));
      double g = Math.sqrt(squares(gradient));
      if (w > 0 && g > 0 && decayFactor > 0) {
        e = e * lars.trust() * w / (g + d * w + lars.epsilon());
      }
    }
    for (int i = 0; i < weights.length; i++) {
      step(i, gradient[i], e, d, t);
    }
  }

  private void step(int i, double g, double e, double d, int t) {
    double w = weights[i];
    if (optimizer instanceof Sgd sgd && sgd.form() == Sgd.Form.PAPER) {
      m[i] = sgd.momentum() * m[i] - e * (g + d * w);
      weights[i] = sgd.nesterov() ? w + sgd.momentum() * m[i] - e * (g + d * w) : w + m[i];
    } else if (optimizer instanceof Sgd sgd) {
      m[i] = sgd.momentum() * m[i] + (g + d * w);
      weights[i] = w - e * (sgd.nesterov() ? g + d * w + sgd.momentum() * m[i] : m[i]);
    } else if (optimizer instanceof Lars lars) {
      m[i] = lars.momentum() * m[i] + e * (g + d * w);
      weights[i] = w - m[i];
    } else if (optimizer instanceof Adam adam) {
      adam(i, g + d * w, w, adam.beta1(), adam.beta2(), adam.epsilon(), e, t);
    } else if (optimizer instanceof AdamW adam) {
      adam(i, g, w - e * d * w, adam.beta1(), adam.beta2(), adam.epsilon(), e, t);
    } else if (optimizer instanceof RmsProp rms) {
      double gradient = g + d * w;
      v[i] = rms.decay() * v[i] + (1 - rms.decay()) * gradient * gradient;
      m[i] = rms.momentum() * m[i] + gradient / (Math.sqrt(v[i]) + rms.epsilon());
      weights[i] = w - e * m[i];
    }
  }

  private void adam(
      int i, double g, double w, double beta1, double beta2, double epsilon, double e, int t) {
    m[i] = beta1 * m[i] + (1 - beta1) * g;
    v[i] = beta2 * v[i] + (1 - beta2) * g * g;
    double mean = m[i] / (1 - Math.pow(beta1, t));
    double square = v[i] / (1 - Math.pow(beta2, t));
    weights[i] = w - e * mean / (Math.sqrt(square) + epsilon);
  }
}
