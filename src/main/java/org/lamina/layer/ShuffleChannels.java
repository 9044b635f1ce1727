package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The channels of several groups, dealt out in turn like cards.
 *
 * <pre>
 *   y[n, i*groups + g, h, w] = x[n, g*C/groups + i, h, w]
 * </pre>
 *
 * <p>x and y are [N, C, H, W]. Between grouped convolutions it lets every group see all others.
 * Source: Zhang, Zhou, Lin and Sun: ShuffleNet (2017), section 3.1.
 *
 * @param groups how many groups of channels there are, at least 1; divides the channels
 */
@Key("shuffle_channels")
public record ShuffleChannels(int groups) implements Layer {

  /**
   * @throws InvalidParameterException if groups is smaller than 1
   */
  public ShuffleChannels {
    Check.atLeast("groups", 1, groups);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    Check.that(
        x.c() % groups == 0,
        "groups",
        "'groups' must divide the input channels, but %d channels are not divisible by %d",
        x.c(),
        groups);
    return Signature.of(inputs, x);
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
    List<Integer> axes = List.of(groups, x.c() / groups, Math.multiplyExact(x.h(), x.w()));
    return Rearrangement.transpose(axes, 1, 0, 2);
  }
}
