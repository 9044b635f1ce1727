package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Local response normalisation: every value is damped by the activity around it.
 *
 * <pre>
 *   y[n,c,h,w] = x[n,c,h,w] / (k + a*S[n,c,h,w])^beta
 *   across channels:  S = sum over |i - c| &lt;= (size-1)/2 of x[n,i,h,w]^2
 *   within channel:   S = sum over |i - h|, |j - w| &lt;= (size-1)/2 of x[n,c,i,j]^2
 *   a = alpha; with average: alpha / size across channels, alpha / size^2 within a channel
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. Neighbours outside the tensor count as zero, and {@code average}
 * divides by the full size there as well. NaN spreads to its neighbours.
 *
 * <p>Source: Krizhevsky, Sutskever and Hinton (2012), section 3.3, whose alpha multiplies the sum
 * and whose values are the defaults. Caffe and ONNX divide alpha by the size of the neighbourhood
 * ({@code average: true}) and have k = 1.
 *
 * @param size neighbours in the sum along each axis, itself included; odd, at least 1
 * @param alpha weight of the sum, at least 0
 * @param beta exponent, any finite number
 * @param k constant that keeps the divisor from zero, greater than 0
 * @param average whether alpha is divided by the number of neighbours
 * @param region where the neighbours are
 */
@Key("lrn")
public record LocalResponseNormalization(
    @Default("5") int size,
    @Default("1.0e-4") double alpha,
    @Default("0.75") double beta,
    @Default("2") double k,
    @Default("false") boolean average,
    @Default("across_channels") Region region)
    implements Layer {

  /** Where the neighbours of a value are. */
  public enum Region {
    /** At the same pixel, in the channels before and after. */
    ACROSS_CHANNELS,
    /** In the same channel, in a square around the pixel. */
    WITHIN_CHANNEL
  }

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public LocalResponseNormalization {
    Check.atLeast("size", 1, size);
    Check.that(
        size % 2 == 1,
        "size",
        "size must be odd, so that a value stands in the middle of its neighbours, but is %d",
        size);
    Check.finite("alpha", alpha);
    Check.that(alpha >= 0, "alpha", "alpha must be at least 0, but is %s", alpha);
    Check.finite("beta", beta);
    Check.finite("k", k);
    Check.that(k > 0, "k", "k must be greater than 0, but is %s", k);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    return Signature.of(inputs, Check.only(inputs));
  }

  @Override
  public boolean pools(Layer next, Family family) {
    return family.isCpu()
        && region == Region.ACROSS_CHANNELS
        && next instanceof MaxPooling pooling
        && pooling.kernel().w() <= LocalResponsePrograms.WIDEST
        && pooling.stride().w() <= LocalResponsePrograms.WIDEST;
  }

  @Override
  public LayerProgram compile(Site site) {
    return LocalResponsePrograms.compile(this, site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return LocalResponseGradient.compile(this, site);
  }
}
