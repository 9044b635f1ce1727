package org.lamina.data;

import java.util.ArrayList;
import java.util.List;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing.Channels;
import org.lamina.network.Preprocessing.Channels.Order;
import org.lamina.network.Preprocessing.Step;

/**
 * The part of a network's preprocessing before scale, mean and std: what the statistics of a
 * training set are taken of.
 */
public final class ByteSteps {

  private final List<Step> steps;

  private ByteSteps(List<Step> steps) {
    this.steps = steps;
  }

  /**
   * Returns the steps of a network.
   *
   * @throws NetworkException if a resize or crop comes after scale, mean or std
   */
  public static ByteSteps of(Network network) {
    Plan plan = Plan.of(network.preprocessing().steps(), "what is computed of the training set");
    List<Step> steps = new ArrayList<>(plan.before());
    plan.crop().ifPresent(steps::add);
    steps.addAll(plan.after());
    return new ByteSteps(List.copyOf(steps));
  }

  /** Returns how many channels a picture has after them. */
  public int channels() {
    boolean gray = steps.stream().anyMatch(s -> s instanceof Channels c && c.order() == Order.GRAY);
    return gray ? 1 : Picture.CHANNELS;
  }

  /**
   * Does the steps.
   *
   * @return unsigned bytes, [H, W, channels]
   * @throws ImageException if the picture does not fit them
   */
  public byte[] apply(Picture picture) {
    Stage stage = new Stage.Bytes(picture.width(), picture.height(), Order.RGB, picture.rgb());
    return ((Stage.Bytes) Preprocessor.apply(steps, stage)).values();
  }
}
