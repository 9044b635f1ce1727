package org.lamina.layer;

import java.util.List;

/**
 * A layer in plain loops and double precision, against which devices are judged.
 *
 * <p>Everything is dense: inputs and results are [N, C, H, W], parameters as {@link
 * Signature#parameters} says. References are written unlike the kernels: where those gather, these
 * scatter.
 */
public interface Reference {

  /** A float's rounding error relative to its value, at most. */
  double ROUNDING = 0x1p-24;

  /**
   * What a layer should give.
   *
   * @param y the output
   * @param allowed how far a correct computation in single precision may be from it
   */
  record Result(double[] y, double[] allowed) {
    /** Returns a result that must be met exactly. */
    static Result exact(double[] y) {
      return new Result(y, new double[y.length]);
    }
  }

  /**
   * Computes the forward pass.
   *
   * @param signature the shapes
   * @param images how many images each input holds
   * @param inputs the inputs, in order
   * @param parameters the parameters, in the order of the signature
   */
  Result forward(Signature signature, int images, List<double[]> inputs, List<double[]> parameters);

  /** Returns the reference of a layer. */
  static Reference of(Layer layer) {
    return References.of(layer);
  }
}
