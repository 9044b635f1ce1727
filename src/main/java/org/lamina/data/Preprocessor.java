package org.lamina.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.CenterCrop;
import org.lamina.network.Preprocessing.Channels;
import org.lamina.network.Preprocessing.Channels.Order;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.ResizeShorter;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Preprocessing.Std;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;

/**
 * Makes a network's input of pictures, by the steps that the network gives.
 *
 * <p>Values are bytes until the first scale, mean or std, and floats from there on; every step
 * rounds its results to its kind. Resizing is {@link Bilinear}; the longer side of a {@code
 * resize_shorter} is {@code side * longer / shorter} and the corner of a {@code center_crop} is at
 * {@code (extent - crop) / 2}, both rounded down. Has no state: safe for several threads.
 */
public final class Preprocessor implements Pipeline {

  private static final String KEY = "preprocess";

  private final List<Step> steps;
  private final Chw input;

  private Preprocessor(List<Step> steps, Chw input) {
    this.steps = steps;
    this.input = input;
  }

  /**
   * Returns the preprocessor of a network, with all checks done that need no picture.
   *
   * @throws NetworkException if the network does not say how its input is made, has several inputs,
   *     or the steps cannot lead to its shape
   */
  public static Preprocessor of(Network network) {
    if (network.inputs().size() != 1) {
      throw bad("a picture becomes one input, but the network has " + network.inputs().keySet());
    }
    if (network.preprocessing().steps().isEmpty()) {
      throw bad(
          String.format(
                  Locale.ROOT,
                  "network '%s' does not say how a picture becomes its input; give it steps such as resize",
                  network.name())
              + " and mean");
    }
    if (ComputedSteps.isNeeded(network)) {
      throw bad(
          "mean and std are 'computed' of the training set, which only training does; use the"
              + " network that a training has written");
    }
    Chw input = network.inputs().values().iterator().next();
    new Rehearsal(input).play(network.preprocessing());
    return new Preprocessor(network.preprocessing().steps(), input);
  }

  /** Returns the shape of what {@link #apply(Picture)} makes: the network's input. */
  @Override
  public Chw shape() {
    return input;
  }

  /**
   * Reads a picture and makes the network's input of it.
   *
   * @return the values, [C, H, W]
   * @throws ImageException if it cannot be read, or does not fit the steps
   */
  public float[] read(Path file) {
    Picture picture = Images.read(file);
    try {
      return apply(picture);
    } catch (ImageException e) {
      throw new ImageException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Makes the network's input of a picture, which stays as it is.
   *
   * @return the values, [C, H, W]
   * @throws ImageException if the picture is too small for a crop, or does not end up in the shape
   *     of the input
   */
  public float[] apply(Picture picture) {
    Stage stage = new Stage.Bytes(picture.width(), picture.height(), Order.RGB, picture.rgb());
    stage = apply(steps, stage);
    require(stage, picture, input);
    return stage.floats().values();
  }

  @Override
  public void apply(Picture picture, SampleKey key, float[] to, int at) {
    float[] values = apply(picture);
    System.arraycopy(values, 0, to, at, values.length);
  }

  /**
   * Checks what became of a picture.
   *
   * @throws ImageException if it is not of the shape of the input
   */
  static void require(Stage stage, Picture picture, Chw input) {
    Chw shape = new Chw(Stage.channels(stage.order()), stage.height(), stage.width());
    if (!shape.equals(input)) {
      throw new ImageException(
          String.format(
                  Locale.ROOT,
                  "the picture of %s pixels becomes %s, but the network takes %s; end with a resize or a",
                  picture,
                  shape,
                  input)
              + " center_crop");
    }
  }

  /** Does steps one after the other. */
  static Stage apply(List<Step> steps, Stage stage) {
    Stage result = stage;
    for (Step step : steps) {
      result = apply(step, result);
    }
    return result;
  }

  /** Does one step. */
  static Stage apply(Step step, Stage stage) {
    if (step instanceof Resize resize) {
      return stage.resize(resize.height(), resize.width());
    } else if (step instanceof ResizeShorter shorter) {
      return resizeShorter(shorter.side(), stage);
    } else if (step instanceof CenterCrop crop) {
      return crop(crop, stage);
    } else if (step instanceof Channels channels) {
      return stage.reorder(channels.order());
    } else if (step instanceof Scale scale) {
      return stage.floats().times(scale.factor());
    } else if (step instanceof Mean mean) {
      return stage.floats().minus(mean.values());
    } else if (step instanceof Std std) {
      return stage.floats().over(std.values());
    }
    throw new IllegalStateException("no rule for the step " + step);
  }

  /**
   * Returns a picture scaled so that its shorter side has so many pixels: what {@code
   * resize_shorter} does.
   *
   * @param side at least 1
   * @throws ImageException if it would become too large
   */
  public static Picture shorter(Picture picture, int side) {
    Stage stage = new Stage.Bytes(picture.width(), picture.height(), Order.RGB, picture.rgb());
    Stage.Bytes scaled = (Stage.Bytes) resizeShorter(side, stage);
    return new Picture(scaled.width(), scaled.height(), scaled.values());
  }

  private static Stage resizeShorter(int side, Stage stage) {
    int shorter = Math.min(stage.width(), stage.height());
    long height = (long) side * stage.height() / shorter;
    long width = (long) side * stage.width() / shorter;
    if (height * width > Limits.PIXELS) {
      throw new ImageException(
          String.format(
              Locale.ROOT,
              "resize_shorter: %d makes %d×%d of %d×%d pixels, more than %d",
              side,
              width,
              height,
              stage.width(),
              stage.height(),
              Limits.PIXELS));
    }
    return stage.resize((int) height, (int) width);
  }

  private static Stage crop(CenterCrop crop, Stage stage) {
    if (crop.height() > stage.height() || crop.width() > stage.width()) {
      throw new ImageException(
          String.format(
                  Locale.ROOT,
                  "center_crop of %d×%d pixels does not fit the picture, which has %d×%d there; resize",
                  crop.width(),
                  crop.height(),
                  stage.width(),
                  stage.height())
              + " first");
    }
    return stage.crop(
        (stage.height() - crop.height()) / 2,
        (stage.width() - crop.width()) / 2,
        crop.height(),
        crop.width());
  }

  private static NetworkException bad(String problem) {
    return new NetworkException("", KEY, problem);
  }

  /** Goes through the steps with a picture of unknown extent. */
  private static final class Rehearsal {
    private final Chw input;
    private Order order = Order.RGB;
    private boolean known;
    private int height;
    private int width;

    Rehearsal(Chw input) {
      this.input = input;
    }

    void play(Preprocessing preprocessing) {
      preprocessing.steps().forEach(this::play);
      int channels = Stage.channels(order);
      if (channels != input.c()) {
        throw bad(
            String.format(
                Locale.ROOT,
                "the steps end with %d channels, but the input %s has %d; %s",
                channels,
                input,
                input.c(),
                input.c() == 1 ? "add 'channels: gray'" : "a picture cannot have so many"));
      }
      if (known && (height != input.h() || width != input.w())) {
        throw bad(
            String.format(
                Locale.ROOT,
                "the steps end with %d rows and %d columns, but the input %s has %d and %d",
                height,
                width,
                input,
                input.h(),
                input.w()));
      }
    }

    private void play(Step step) {
      if (step instanceof Resize resize) {
        become(resize.height(), resize.width());
      } else if (step instanceof ResizeShorter) {
        known = false;
      } else if (step instanceof CenterCrop crop) {
        if (known && (crop.height() > height || crop.width() > width)) {
          throw bad(
              String.format(
                  Locale.ROOT,
                  "center_crop keeps %d rows and %d columns, but there are only %d and %d",
                  crop.height(),
                  crop.width(),
                  height,
                  width));
        }
        become(crop.height(), crop.width());
      } else if (step instanceof Channels channels) {
        if (order == Order.GRAY && channels.order() != Order.GRAY) {
          throw bad("channels cannot make colours of grey again");
        }
        order = channels.order();
      } else if (step instanceof Mean mean) {
        requirePerChannel("mean", mean.values().size());
      } else if (step instanceof Std std) {
        requirePerChannel("std", std.values().size());
      }
    }

    private void become(int rows, int columns) {
      known = true;
      height = rows;
      width = columns;
    }

    private void requirePerChannel(String step, int values) {
      int channels = Stage.channels(order);
      if (values != 1 && values != channels) {
        throw bad(
            String.format(
                Locale.ROOT,
                "%s has %d values, but there are %d channels; give one value, or one for each",
                step,
                values,
                channels));
      }
    }
  }
}
