package org.lamina.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.network.Augmentation;
import org.lamina.network.Augmentation.Cutout;
import org.lamina.network.Augmentation.PcaColor;
import org.lamina.network.Augmentation.RandomCrop;
import org.lamina.network.Augmentation.ResizedCrop;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing.Channels.Order;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Philox;

/**
 * Makes a network's input of training pictures: its preprocessing with the steps of {@link
 * Augmentation} in their places. Every step draws its random numbers under its own name, so that
 * adding one leaves those of the others as they are.
 */
public final class Augmenter implements Pipeline {

  /** A step and the stream of its random numbers. */
  private record Drawn(Augmentation.Step step, long stream) {}

  private final Chw input;
  private final Plan plan;
  private final Optional<Drawn> crop;
  private final List<Drawn> changes = new ArrayList<>();
  private final List<Drawn> cutouts = new ArrayList<>();
  private final Optional<PixelStatistics.Components> colors;

  private Augmenter(Network network, Optional<PixelStatistics.Components> colors) {
    this.colors = colors;
    input = Preprocessor.of(network).shape();
    plan = Plan.of(network.preprocessing().steps(), "augment");
    Optional<Drawn> first = Optional.empty();
    Map<String, Integer> seen = new HashMap<>();
    for (Augmentation.Step step : network.training().augmentation().steps()) {
      String name = step.getClass().getSimpleName();
      Drawn drawn = new Drawn(step, stream(name, seen.merge(name, 1, Integer::sum)));
      if (step instanceof RandomCrop || step instanceof ResizedCrop) {
        first = Optional.of(drawn);
      } else {
        (step instanceof Cutout ? cutouts : changes).add(drawn);
      }
    }
    crop = first;
    first.ifPresent(this::requireInput);
  }

  private static long stream(String name, int occurrence) {
    return Philox.stream("augment " + name + " " + occurrence);
  }

  /**
   * Returns whether a network's training needs to know the colours of its pictures.
   *
   * @see PixelStatistics
   */
  public static boolean needsColors(Network network) {
    return network.training().augmentation().steps().stream().anyMatch(PcaColor.class::isInstance);
  }

  /**
   * Returns what the training of a network does with its pictures.
   *
   * @param colors of the training set, if {@link #needsColors}; of 3 channels, in the order that
   *     the preprocessing leaves
   * @throws NetworkException if its preprocessing does not lead to its input, a crop has another
   *     extent than the input, or colour steps meet a grey picture
   * @throws IllegalArgumentException if colours are needed but not given
   */
  public static Augmenter of(Network network, Optional<PixelStatistics> colors) {
    if (needsColors(network)) {
      if (colors.isEmpty()) {
        throw new IllegalArgumentException("pca_color needs the statistics of the training set");
      }
      if (colors.get().channels() != 3) {
        throw bad("pca_color needs three channels, but preprocess makes grey pictures");
      }
    }
    return new Augmenter(network, colors.map(PixelStatistics::components));
  }

  private void requireInput(Drawn drawn) {
    if (drawn.step() instanceof RandomCrop random) {
      int height = random.height() == 0 ? input.h() : random.height();
      int width = random.width() == 0 ? input.w() : random.width();
      if (height != input.h() || width != input.w()) {
        throw bad(
            String.format(
                Locale.ROOT,
                "random_crop keeps %d rows and %d columns, but the input %s has %d and %d",
                height,
                width,
                input,
                input.h(),
                input.w()));
      }
    }
  }

  private static NetworkException bad(String problem) {
    return new NetworkException("", "training.augment", problem);
  }

  @Override
  public Chw shape() {
    return input;
  }

  @Override
  public void apply(Picture picture, SampleKey key, float[] to, int at) {
    Stage stage = new Stage.Bytes(picture.width(), picture.height(), Order.RGB, picture.rgb());
    stage = cropped(stage, key);
    Preprocessor.require(stage, picture, input);
    Stage.Floats floats = stage.floats();
    for (Drawn change : changes) {
      Numbers numbers = Numbers.of(key, change.stream());
      Variations.apply(change.step(), floats, numbers, colors);
    }
    for (Step step : plan.values()) {
      floats = Preprocessor.apply(step, floats).floats();
    }
    for (Drawn cutout : cutouts) {
      cut((Cutout) cutout.step(), floats, Numbers.of(key, cutout.stream()));
    }
    System.arraycopy(floats.values(), 0, to, at, floats.values().length);
  }

  private Stage cropped(Stage picture, SampleKey key) {
    if (crop.isEmpty()) {
      Stage stage = Preprocessor.apply(plan.before(), picture);
      stage = plan.crop().isPresent() ? Preprocessor.apply(plan.crop().get(), stage) : stage;
      return Preprocessor.apply(plan.after(), stage);
    }
    Numbers numbers = Numbers.of(key, crop.get().stream());
    if (crop.get().step() instanceof RandomCrop random) {
      Stage stage = Preprocessor.apply(plan.before(), picture);
      stage = Crops.random(random, stage, input.h(), input.w(), numbers);
      return Preprocessor.apply(plan.after(), stage);
    }
    ResizedCrop resized = (ResizedCrop) crop.get().step();
    Stage stage = Crops.resized(resized, picture, input.h(), input.w(), numbers);
    List<Step> rest = new ArrayList<>(plan.before());
    rest.addAll(plan.after());
    rest.removeIf(Plan::isGeometry);
    return Preprocessor.apply(rest, stage);
  }

  private static void cut(Cutout cutout, Stage.Floats floats, Numbers numbers) {
    int pixels = floats.width() * floats.height();
    int before = cutout.size() / 2;
    for (int i = 0; i < cutout.count(); i++) {
      int top = numbers.below(floats.height()) - before;
      int left = numbers.below(floats.width()) - before;
      int bottom = Math.min(floats.height(), top + cutout.size());
      int right = Math.min(floats.width(), left + cutout.size());
      for (int plane = 0; plane < floats.values().length; plane += pixels) {
        for (int y = Math.max(0, top); y < bottom; y++) {
          int row = plane + y * floats.width();
          Arrays.fill(floats.values(), row + Math.max(0, left), row + right, 0);
        }
      }
    }
  }
}
