package org.lamina.network;

import java.util.List;
import org.lamina.layer.Check;
import org.lamina.layer.Default;
import org.lamina.layer.Key;

/**
 * How the pictures of a training are varied, so that no epoch sees the same ones: steps in the
 * order they are done.
 *
 * <p>A crop takes the place of the last {@code center_crop} of {@code preprocess}; what else is
 * there is done after it and before {@code scale}, {@code mean} and {@code std}, on values from 0
 * to 255 that are no longer rounded. Only {@link Cutout} comes after those.
 *
 * @param steps the steps; none means that pictures are taken as they are
 */
public record Augmentation(List<Step> steps) {

  /** Pictures are taken as they are. */
  public static final Augmentation NONE = new Augmentation(List.of());

  /** Copies the list and checks that a crop comes first and is the only one. */
  public Augmentation {
    steps = List.copyOf(steps);
    for (Step step : steps.subList(Math.min(1, steps.size()), steps.size())) {
      Check.that(
          !(step instanceof RandomCrop) && !(step instanceof ResizedCrop),
          "augment",
          "a crop must be the first step of augment, and the only crop");
    }
  }

  /** One step; in YAML {@code {mirror: 0.5}}, by its key, or the key alone. */
  public sealed interface Step {}

  /**
   * Keeps a part of the picture, at any place with equal probability, instead of its middle.
   *
   * <p>Where {@code preprocess} has no {@code center_crop}, the part is taken from the whole
   * picture with a border around it: the usual augmentation of CIFAR is {@code {random_crop: {pad:
   * 4}}}.
   *
   * @param height rows; 0 stands for those of the network's input, which they must be anyway
   * @param width columns; 0 stands for those of the network's input
   * @param pad rows and columns that are added on every side first, at least 0
   * @param fill the value of all channels in the border, 0 to 255
   */
  @Key("random_crop")
  public record RandomCrop(
      @Default("0") int height,
      @Default("0") int width,
      @Default("0") int pad,
      @Default("0") double fill)
      implements Step {
    /** Checks the extents. */
    public RandomCrop {
      Check.atLeast("height", 0, height);
      Check.atLeast("width", 0, width);
      Check.atLeast("pad", 0, pad);
      inRange("fill", fill, 0, 255);
    }
  }

  /**
   * Keeps a part of any size, place and proportions, and scales it to the network's input;
   * bilinear. Resizing and crops of {@code preprocess} are left out.
   *
   * <p>The part's share of the area is uniform, the logarithm of width by height too; what does not
   * fit into the picture is drawn again, after ten times the middle is kept.
   *
   * <p>Source: Szegedy et al., "Going deeper with convolutions" (2015), section 6.
   *
   * @param scale the smallest and the largest share of the area, from above 0 to 1
   * @param ratio the smallest and the largest width by height, above 0
   */
  @Key("resized_crop")
  public record ResizedCrop(
      @Default("[0.08, 1]") List<Double> scale, @Default("[0.75, 1.3333]") List<Double> ratio)
      implements Step {
    /** Copies the lists and checks them. */
    public ResizedCrop {
      scale = List.copyOf(scale);
      ratio = List.copyOf(ratio);
      range("scale", scale, 1);
      range("ratio", ratio, 1000);
    }
  }

  /**
   * Exchanges left and right.
   *
   * @param probability of a picture to be mirrored, 0 to 1
   */
  @Key("mirror")
  public record Mirror(@Default("0.5") double probability) implements Step {
    /** Checks the probability. */
    public Mirror {
      inRange("probability", probability, 0, 1);
    }
  }

  /**
   * Turns the picture around its middle; bilinear, with pixels of the edge repeated outside.
   *
   * @param degrees the largest angle to either side, 0 to 180; the angle is uniform
   */
  @Key("rotate")
  public record Rotate(@Default("10") double degrees) implements Step {
    /** Checks the angle. */
    public Rotate {
      inRange("degrees", degrees, 0, 180);
    }
  }

  /**
   * Adds the same colour to every pixel: {@code p1 p2 p3 [a1 l1, a2 l2, a3 l3]}, with {@code p} the
   * eigenvectors and {@code l} the eigenvalues of the 3×3 covariance of the training set's colours,
   * and {@code a} normally distributed, drawn once for each picture.
   *
   * <p>Colours are taken from 0 to 1 for that, as all implementations do; the paper does not say.
   * Source: Krizhevsky, Sutskever, Hinton, "ImageNet classification with deep convolutional neural
   * networks" (2012), section 4.1.
   *
   * @param std the standard deviation of {@code a}, at least 0
   */
  @Key("pca_color")
  public record PcaColor(@Default("0.1") double std) implements Step {
    /** Checks the standard deviation. */
    public PcaColor {
      inRange("std", std, 0, 100);
    }
  }

  /**
   * Multiplies every value with a factor from {@code 1 - amount} to {@code 1 + amount}; what leaves
   * 0 to 255 is cut off.
   *
   * @param amount 0 to 1
   */
  @Key("brightness")
  public record Brightness(@Default("0.2") double amount) implements Step {
    /** Checks the amount. */
    public Brightness {
      inRange("amount", amount, 0, 1);
    }
  }

  /**
   * Moves every value away from or towards the mean grey of the picture, by a factor from {@code 1
   * - amount} to {@code 1 + amount}; what leaves 0 to 255 is cut off.
   *
   * @param amount 0 to 1
   */
  @Key("contrast")
  public record Contrast(@Default("0.2") double amount) implements Step {
    /** Checks the amount. */
    public Contrast {
      inRange("amount", amount, 0, 1);
    }
  }

  /**
   * Moves every pixel away from or towards its own grey, by a factor from {@code 1 - amount} to
   * {@code 1 + amount}; what leaves 0 to 255 is cut off. Grey pictures stay as they are.
   *
   * @param amount 0 to 1
   */
  @Key("saturation")
  public record Saturation(@Default("0.2") double amount) implements Step {
    /** Checks the amount. */
    public Saturation {
      inRange("amount", amount, 0, 1);
    }
  }

  /**
   * Sets squares to 0, after {@code scale}, {@code mean} and {@code std}: where a mean is
   * subtracted, that is the mean colour. The middle of a square is at any pixel with equal
   * probability; what lies outside is cut off.
   *
   * <p>Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with
   * cutout" (2017).
   *
   * @param size the side in pixels of the network's input, at least 1
   * @param count how many squares, 1 to 100
   */
  @Key("cutout")
  public record Cutout(@Default("8") int size, @Default("1") int count) implements Step {
    /** Checks the numbers. */
    public Cutout {
      Check.atLeast("size", 1, size);
      inRange("count", count, 1, 100);
    }
  }

  private static void inRange(String parameter, double value, double least, double most) {
    Check.that(
        value >= least && value <= most,
        parameter,
        "%s must be from %s to %s, but is %s",
        parameter,
        number(least),
        number(most),
        number(value));
  }

  private static void range(String parameter, List<Double> pair, double most) {
    Check.that(
        pair.size() == 2,
        parameter,
        "%s must be [smallest, largest], but has %d values",
        parameter,
        pair.size());
    Check.that(
        0 < pair.get(0) && pair.get(0) <= pair.get(1) && pair.get(1) <= most,
        parameter,
        "%s must be [smallest, largest], above 0 and at most %s, but is %s",
        parameter,
        number(most),
        pair);
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }
}
