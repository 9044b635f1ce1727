package org.lamina.network;

import java.util.List;
import org.lamina.layer.Check;
import org.lamina.layer.Key;

/**
 * How a picture becomes the input of a network: steps in the order they are done.
 *
 * <p>A picture starts as 8-bit RGB. Steps up to the first that makes fractions (scale, mean, std)
 * keep 8-bit values, as Caffe's and OpenCV's tools do. After the last step the picture must have
 * the shape of the network's input.
 *
 * @param steps the steps; none means that the network does not say
 */
public record Preprocessing(List<Step> steps) {

  /** For networks that do not say how their input is prepared. */
  public static final Preprocessing NONE = new Preprocessing(List.of());

  /** Copies the list. */
  public Preprocessing {
    steps = List.copyOf(steps);
  }

  /** One step; in YAML {@code {resize: 227}}, by its key. */
  public sealed interface Step {}

  /**
   * Scales the whole picture to a height and a width, whatever its proportions; bilinear.
   *
   * @param height rows, at least 1
   * @param width columns, at least 1
   */
  @Key("resize")
  public record Resize(int height, int width) implements Step {
    /** Checks the extents. */
    public Resize {
      Check.atLeast("height", 1, height);
      Check.atLeast("width", 1, width);
    }
  }

  /**
   * Scales the picture so that its shorter side has this length; bilinear.
   *
   * @param side pixels, at least 1
   */
  @Key("resize_shorter")
  public record ResizeShorter(int side) implements Step {
    /** Checks the side. */
    public ResizeShorter {
      Check.atLeast("side", 1, side);
    }
  }

  /**
   * Keeps the middle of the picture.
   *
   * @param height rows, at least 1 and at most those of the picture
   * @param width columns, likewise
   */
  @Key("center_crop")
  public record CenterCrop(int height, int width) implements Step {
    /** Checks the extents. */
    public CenterCrop {
      Check.atLeast("height", 1, height);
      Check.atLeast("width", 1, width);
    }
  }

  /**
   * Sets the order of the channels, or makes one of them all.
   *
   * @param order {@code rgb}, {@code bgr} (Caffe, OpenCV) or {@code gray}
   */
  @Key("channels")
  public record Channels(Order order) implements Step {
    /** The orders. */
    public enum Order {
      /** Red, green, blue. */
      RGB,
      /** Blue, green, red. */
      BGR,
      /** One channel: 0.299 red + 0.587 green + 0.114 blue (ITU-R BT.601). */
      GRAY
    }
  }

  /**
   * Multiplies every value.
   *
   * @param factor for example 1/255
   */
  @Key("scale")
  public record Scale(double factor) implements Step {}

  /**
   * Subtracts a value from every pixel, one for all channels or one for each in their order at this
   * step. In YAML {@code mean: computed} stands for the means of the training set, which training
   * puts in the place of the word.
   *
   * @param values one value or one per channel; none if they are to be computed
   */
  @Key("mean")
  public record Mean(List<Double> values) implements Step {
    /** Copies the list. */
    public Mean {
      values = List.copyOf(values);
    }
  }

  /**
   * Divides every pixel, by one value for all channels or one for each in their order at this step.
   * In YAML {@code std: computed} stands for the standard deviations of the training set.
   *
   * @param values one value or one per channel, none of them 0; none if they are to be computed
   */
  @Key("std")
  public record Std(List<Double> values) implements Step {
    /** Copies the list and checks that none is zero. */
    public Std {
      values = List.copyOf(values);
      Check.that(!values.contains(0.0), "std", "no standard deviation may be 0");
    }
  }
}
