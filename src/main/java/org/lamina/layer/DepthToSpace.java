package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * Channels become pixels: from every block² channels one channel is made whose image is block times
 * as high and as wide.
 *
 * <pre>
 *   y[n, c, h*block + i, w*block + j] = x[n, (i*block + j)*C' + c, h, w]         order: depth_first
 *   y[n, c, h*block + i, w*block + j] = x[n, c*block^2 + i*block + j, h, w]      order: column_first
 *   C' = C/block^2
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, C', H*block, W*block]. ONNX calls the orders DCR and CRD; the
 * second is PyTorch's PixelShuffle. Source: Shi et al. (2016), equation 4.
 *
 * @param block how many times larger the image becomes along each axis, at least 1
 * @param order how the channels are counted
 */
@Key("depth_to_space")
public record DepthToSpace(int block, @Default("depth_first") Order order) implements Layer {

  /** How channels that become one are counted. */
  public enum Order {
    /** Those of one pixel of the block stand together. */
    DEPTH_FIRST,
    /** Those of one channel of the result stand together. */
    COLUMN_FIRST
  }

  /**
   * @throws InvalidParameterException if block is smaller than 1
   */
  public DepthToSpace {
    Check.atLeast("block", 1, block);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    long square = (long) block * block;
    Check.that(
        x.c() % square == 0,
        "block",
        "the square of 'block' must divide the channels, but %d channels are not divisible by %d",
        x.c(),
        square);
    int h = Check.fitsInt("block", "rows", (long) x.h() * block);
    int w = Check.fitsInt("block", "columns", (long) x.w() * block);
    return Signature.of(inputs, new Chw((int) (x.c() / square), h, w));
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
    int channels = x.c() / (block * block);
    return order == Order.DEPTH_FIRST
        ? Rearrangement.transpose(List.of(block, block, channels, x.h(), x.w()), 2, 3, 0, 4, 1)
        : Rearrangement.transpose(List.of(channels, block, block, x.h(), x.w()), 0, 3, 1, 4, 2);
  }
}
