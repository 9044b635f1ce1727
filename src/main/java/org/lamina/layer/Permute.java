package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The axes of every image in another order.
 *
 * <pre>
 *   y[n,h,w,c] = x[n,c,h,w]    for the order hwc; the others likewise
 * </pre>
 *
 * <p>x is [N, C, H, W]; the extents of y are those of x in the new order. The batch stays in front.
 *
 * @param order which axis of x becomes the channels, which the rows and which the columns of y
 */
@Key("permute")
public record Permute(Order order) implements Layer {

  /** The axes of the input, as the result has them. */
  public enum Order {
    /** Nothing is exchanged. */
    CHW(0, 1, 2),
    /** Rows and columns are exchanged. */
    CWH(0, 2, 1),
    /** Channels and rows are exchanged. */
    HCW(1, 0, 2),
    /** Channels come last. */
    HWC(1, 2, 0),
    /** Columns come first. */
    WCH(2, 0, 1),
    /** Channels and columns are exchanged. */
    WHC(2, 1, 0);

    private final int[] axes;

    Order(int... axes) {
      this.axes = axes;
    }
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    List<Integer> x = extents(Check.only(inputs));
    return Signature.of(
        inputs, new Chw(x.get(order.axes[0]), x.get(order.axes[1]), x.get(order.axes[2])));
  }

  private static List<Integer> extents(Chw x) {
    return List.of(x.c(), x.h(), x.w());
  }

  @Override
  public LayerProgram compile(Site site) {
    return order == Order.CHW
        ? Copies.identity(site)
        : moves(site.signature().input()).compile(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    return order == Order.CHW
        ? GradientProgram.same(site)
        : moves(site.signature().input()).backward(site);
  }

  private Rearrangement moves(Chw x) {
    return Rearrangement.transpose(extents(x), order.axes);
  }
}
