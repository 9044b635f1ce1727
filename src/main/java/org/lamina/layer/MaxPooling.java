package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.tensor.Chw;

/**
 * Spatial max pooling: every output is the largest input under a sliding window.
 *
 * <pre>
 *   y[n,c,oh,ow] = max over kh, kw of x[n,c, oh*stride.h - pad.top + kh, ow*stride.w - pad.left + kw]
 *   OH = round((H + pad.top + pad.bottom - kernel.h) / stride.h) + 1, and OW likewise
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C, OH, OW]. Padding never wins the maximum: a window is clipped to
 * the image. With {@code round: ceil} a last window may hang over the padding, but one that would
 * start at or beyond H + pad.top is dropped. A window that holds NaN gives NaN. Overlapping windows
 * ({@code kernel > stride}) are those of Krizhevsky, Sutskever and Hinton (2012), section 3.4.
 *
 * @param kernel window size in pixels, at least 1
 * @param stride step between windows in pixels, at least 1
 * @param pad rows and columns added on each side, at least 0 and smaller than the window
 * @param round how the number of windows is rounded; Caffe's is {@code ceil}
 */
@Key("max_pool")
public record MaxPooling(
    Extent kernel,
    @Default("1") Extent stride,
    @Default("0") Padding pad,
    @Default("floor") Rounding round)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public MaxPooling {
    Pooling.check(kernel, stride, pad);
  }

  /** Returns a pooling with a square window and the same step in both directions. */
  public static MaxPooling of(int kernel, int stride) {
    return new MaxPooling(Extent.of(kernel), Extent.of(stride), Padding.NONE, Rounding.FLOOR);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    return Signature.of(inputs, Pooling.output(x, kernel, stride, pad, round));
  }

  @Override
  public LayerProgram compile(Site site) {
    return Pooling.compile(site, kernel, stride, pad, Optional.empty());
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return Pooling.backward(site, kernel, stride, pad, Optional.empty());
  }
}
