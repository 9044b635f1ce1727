package org.lamina.data;

import java.util.List;
import java.util.Locale;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing.CenterCrop;
import org.lamina.network.Preprocessing.Channels.Order;
import org.lamina.tensor.Chw;

/**
 * The ten views of a picture whose scores are averaged in an evaluation: the four corners and the
 * middle, then the mirror images of these in the same order.
 *
 * <p>They are taken from what the last {@code center_crop} of the network's preprocessing takes the
 * middle of. Source: Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep
 * convolutional neural networks" (2012), section 4.1; there that is the middle 256×256 pixels of a
 * picture whose shorter side has 256.
 */
public final class TenCrop implements Pipeline {

  private static final int VIEWS = 10;

  private final Chw input;
  private final Plan plan;
  private final CenterCrop crop;

  private TenCrop(Chw input, Plan plan, CenterCrop crop) {
    this.input = input;
    this.plan = plan;
    this.crop = crop;
  }

  /**
   * Returns the ten crops of a network.
   *
   * @throws NetworkException if its preprocessing does not lead to its input, or has no {@code
   *     center_crop}
   */
  public static TenCrop of(Network network) {
    Chw input = Preprocessor.of(network).shape();
    Plan plan = Plan.of(network.preprocessing().steps(), "an evaluation with ten crops");
    CenterCrop crop =
        plan.crop()
            .orElseThrow(
                () ->
                    new NetworkException(
                        "",
                        "preprocess",
                        "ten crops are taken around a center_crop, but there is none; resize to"
                            + " more than the input and crop"));
    return new TenCrop(input, plan, crop);
  }

  @Override
  public Chw shape() {
    return input;
  }

  @Override
  public int views() {
    return VIEWS;
  }

  @Override
  public void apply(Picture picture, SampleKey key, float[] to, int at) {
    Stage whole = new Stage.Bytes(picture.width(), picture.height(), Order.RGB, picture.rgb());
    whole = Preprocessor.apply(plan.before(), whole);
    int down = whole.height() - crop.height();
    int right = whole.width() - crop.width();
    if (down < 0 || right < 0) {
      throw new ImageException(
          String.format(
              Locale.ROOT,
              "center_crop of %d×%d pixels does not fit the picture, which has %d×%d there; resize"
                  + " first",
              crop.width(),
              crop.height(),
              whole.width(),
              whole.height()));
    }
    List<int[]> corners =
        List.of(
            new int[] {0, 0},
            new int[] {0, right},
            new int[] {down, 0},
            new int[] {down, right},
            new int[] {down / 2, right / 2});
    int next = at;
    int volume = (int) input.volume();
    for (int[] corner : corners) {
      Stage view = whole.crop(corner[0], corner[1], crop.height(), crop.width());
      view = Preprocessor.apply(plan.after(), view);
      Preprocessor.require(view, picture, input);
      float[] values = Preprocessor.apply(plan.values(), view).floats().values();
      System.arraycopy(values, 0, to, next, volume);
      Variations.mirror(values, input.w());
      System.arraycopy(values, 0, to, next + VIEWS / 2 * volume, volume);
      next += volume;
    }
  }
}
