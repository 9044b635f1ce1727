package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Darknet's way of making channels of pixels, as YOLOv2 has it: an image of C channels is read as
 * if it were one of C/block² channels and block times the height and width, and the pixels of its
 * blocks become channels.
 *
 * <pre>
 *   y'[n, (i*block + j)*C' + c, h, w] = x'[n, c, h*block + i, w*block + j]
 *   x' is x read as [N, C', H*block, W*block], y is y' = [N, C, H, W] read as the shape below
 *   C' = C/block^2
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C*block², H/block, W/block]. That it shuffles pixels that were not
 * neighbours is a mistake of the original, which its weights have learned to live with. Source:
 * Redmon and Farhadi (2016), section 2, and Darknet's reorg_cpu.
 *
 * @param block side of the blocks in pixels, at least 1; divides height and width, its square the
 *     channels
 */
@Key("reorg")
public record Reorganize(int block) implements Layer {

  /**
   * @throws InvalidParameterException if block is smaller than 1
   */
  public Reorganize {
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
    long square = (long) block * block;
    Check.that(
        x.c() % square == 0,
        "block",
        "the square of 'block' must divide the channels, but %d channels are not divisible by %d",
        x.c(),
        square);
    int channels = Check.fitsInt("block", "channels", x.c() * square);
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
    List<Integer> axes = List.of(x.c() / (block * block), x.h(), block, x.w(), block);
    return Rearrangement.transpose(axes, 2, 4, 0, 1, 3);
  }
}
