package org.lamina.layer;

import java.util.List;
import org.lamina.tensor.Chw;

/**
 * The same elements, in the same order, as an image of another shape.
 *
 * <pre>
 *   y[n][i] = x[n][i]    with i counting the elements of an image: (c*H + h)*W + w
 * </pre>
 *
 * <p>x is [N, C, H, W]; y is [N, channels, height, width]. One of the three may be -1: it is what
 * the others leave. Images are not mixed: N stays.
 *
 * @param channels channels of the result, at least 1, or -1
 * @param height its height, at least 1, or -1
 * @param width its width, at least 1, or -1
 */
@Key("reshape")
public record Reshape(int channels, @Default("1") int height, @Default("-1") int width)
    implements Layer {

  /**
   * @throws InvalidParameterException if an extent is neither -1 nor at least 1, or two are -1
   */
  public Reshape {
    check("channels", channels);
    check("height", height);
    check("width", width);
    Check.that(
        (channels < 0 ? 1 : 0) + (height < 0 ? 1 : 0) + (width < 0 ? 1 : 0) <= 1,
        channels < 0 && height < 0 ? "height" : "width",
        "only one extent can be -1, what the others leave");
  }

  private static void check(String name, int extent) {
    Check.that(
        extent == -1 || extent >= 1, name, "%s must be at least 1, or -1, but is %d", name, extent);
  }

  @Override
  public Signature infer(List<Chw> inputs) {
    Chw x = Check.only(inputs);
    long rest = x.volume();
    boolean fits = true;
    for (int extent : new int[] {channels, height, width}) {
      fits = fits && (extent < 0 || rest % extent == 0);
      rest = extent < 0 ? rest : rest / extent;
    }
    boolean open = channels < 0 || height < 0 || width < 0;
    Check.that(
        fits && (open || rest == 1),
        "channels",
        "an image of %s has %d elements, which do not fit %d×%d×%d",
        x,
        x.volume(),
        channels,
        height,
        width);
    int left = Check.fitsInt("from", "elements along an axis", rest);
    return Signature.of(
        inputs,
        new Chw(
            channels < 0 ? left : channels, height < 0 ? left : height, width < 0 ? left : width));
  }

  @Override
  public LayerProgram compile(Site site) {
    Chw x = site.signature().input();
    return x.equals(site.signature().output()) ? Copies.identity(site) : moves(x).compile(site);
  }

  @Override
  public GradientProgram backward(GradientSite site) {
    Chw x = site.signature().input();
    return x.equals(site.signature().output())
        ? GradientProgram.same(site)
        : moves(x).backward(site);
  }

  private static Rearrangement moves(Chw x) {
    return new Rearrangement(List.of(Math.toIntExact(x.volume())), List.of(1));
  }
}
