package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * A larger image in which every pixel is repeated (nearest neighbour).
 *
 * <pre>
 *   y[n,c,h,w] = x[n,c, h/scale.h, w/scale.w]    rounded down
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C, H*scale.h, W*scale.w].
 *
 * @param scale how often every row and every column is repeated, at least 1
 */
@Key("upsample")
public record Upsample(Extent scale) implements Layer {

  /**
   * @throws InvalidParameterException if scale is smaller than 1
   */
  public Upsample {
    Check.atLeast("scale", 1, scale);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    int h = Check.fitsInt("scale", "rows", (long) x.h() * scale.h());
    int w = Check.fitsInt("scale", "columns", (long) x.w() * scale.w());
    return Signature.of(inputs, new Chw(x.c(), h, w));
  }

  @Override
  public LayerProgram compile(Site site) {
    return MovePrograms.upsample(this, site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return MoveGradients.upsample(this, site);
  }
}
