package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.tensor.Chw;

/**
 * Spatial average pooling: every output is the mean of the inputs under a sliding window.
 *
 * <pre>
 *   y[n,c,oh,ow] = sum over kh, kw of x[n,c, oh*stride.h - pad.top + kh, ow*stride.w - pad.left + kw]
 *                  / D[oh,ow]
 *   OH = round((H + pad.top + pad.bottom - kernel.h) / stride.h) + 1, and OW likewise
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C, OH, OW]. The sum runs over the part of the window inside the
 * image. The divisor D is the number of pixels of the window inside the padded image if padding
 * counts (as zeros), and inside the image if not; what a window of {@code round: ceil} has beyond
 * the padding never counts. That is what Caffe and PyTorch do. With {@code round: ceil} a last
 * window that would start at or beyond H + pad.top is dropped. NaN under a window gives NaN.
 *
 * @param kernel window size in pixels, at least 1
 * @param stride step between windows in pixels, at least 1
 * @param pad rows and columns added on each side, at least 0 and smaller than the window
 * @param round how the number of windows is rounded; Caffe's is {@code ceil}
 * @param countPadding whether the mean takes the padding for zeros; ONNX's default is false
 */
@Key("avg_pool")
public record AveragePooling(
    Extent kernel,
    @Default("1") Extent stride,
    @Default("0") Padding pad,
    @Default("floor") Rounding round,
    @Default("true") boolean countPadding)
    implements Layer {

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public AveragePooling {
    Pooling.check(kernel, stride, pad);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    return Signature.of(inputs, Pooling.output(x, kernel, stride, pad, round));
  }

  @Override
  public LayerProgram compile(Site site) {
    Padding counted = countPadding ? pad : Padding.NONE;
    return Pooling.compile(site, kernel, stride, pad, Optional.of(counted));
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    Padding counted = countPadding ? pad : Padding.NONE;
    return Pooling.backward(site, kernel, stride, pad, Optional.of(counted));
  }
}
