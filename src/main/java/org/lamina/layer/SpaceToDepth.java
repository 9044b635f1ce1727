package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Pixels become channels: every block of block×block pixels becomes one pixel with block² times as
 * many channels.
 *
 * <pre>
 *   y[n, (i*block + j)*C + c, h, w] = x[n, c, h*block + i, w*block + j]
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C*block², H/block, W/block]. It undoes {@code depth_to_space} with
 * its default order. Darknet's reorg layer numbers differently: it is {@code reorg}.
 *
 * @param block side of the blocks in pixels, at least 1; divides height and width
 */
@Key("space_to_depth")
public record SpaceToDepth(int block) implements Layer {

  /**
   * @throws InvalidParameterException if block is smaller than 1
   */
  public SpaceToDepth {
    Check.atLeast("block", 1, block);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    Check.that(
        x.h() % block == 0 && x.w() % block == 0,
        "block",
        "'block' must divide height and width, but an image of %d×%d is not divisible by %d",
        x.h(),
        x.w(),
        block);
    int channels = Check.fitsInt("block", "channels", (long) x.c() * block * block);
    return Signature.of(inputs, new Chw(channels, x.h() / block, x.w() / block));
  }

  @Override
  public LayerProgram compile(Site site) {
    return moves(site.signature().input()).compile(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return moves(site.signature().input()).backward(site);
  }

  private Rearrangement moves(Chw x) {
    List<Integer> axes = List.of(x.c(), x.h() / block, block, x.w() / block, block);
    return Rearrangement.transpose(axes, 2, 4, 0, 1, 3);
  }
}
