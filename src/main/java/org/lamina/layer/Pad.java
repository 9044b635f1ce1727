package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Rows and columns around the image.
 *
 * <pre>
 *   y[n,c,h,w] = x[n,c, h - pad.top, w - pad.left]    inside; around it as the mode says
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C, pad.top + H + pad.bottom, pad.left + W + pad.right].
 * Convolutions and poolings pad for themselves; this layer is for what they do not do. Channels are
 * added by {@code pad_channels}.
 *
 * @param pad rows and columns added on each side, at least 0
 * @param mode what they hold
 * @param value what they hold with {@code mode: constant}, any finite number
 */
@Key("pad")
public record Pad(Padding pad, @Default("constant") Mode mode, @Default("0") double value)
    implements Layer {

  /** What padding holds. */
  public enum Mode {
    /** The same value everywhere. */
    CONSTANT,
    /** The image mirrored at its outermost pixels, which are not repeated. */
    REFLECT,
    /** The nearest pixel of the image. */
    EDGE,
    /** The image again, from its other side. */
    WRAP
  }

  /**
   * @throws InvalidParameterException if a parameter is out of the range given above
   */
  public Pad {
    Check.notNegative("pad", pad);
    Check.finite("value", value);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    if (mode == Mode.REFLECT || mode == Mode.WRAP) {
      int most = mode == Mode.REFLECT ? 1 : 0;
      Check.that(
          Math.max(pad.top(), pad.bottom()) <= x.h() - most
              && Math.max(pad.left(), pad.right()) <= x.w() - most,
          "pad",
          "a pad of %s is more than an image of %d×%d has to %s",
          pad,
          x.h(),
          x.w(),
          mode == Mode.REFLECT ? "mirror" : "repeat");
    }
    int h = Check.fitsInt("pad", "rows", (long) pad.top() + x.h() + pad.bottom());
    int w = Check.fitsInt("pad", "columns", (long) pad.left() + x.w() + pad.right());
    return Signature.of(inputs, new Chw(x.c(), h, w));
  }

  @Override
  public LayerProgram compile(Site site) {
    return MovePrograms.pad(this, site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return MoveGradients.pad(this, site);
  }
}
