package org.lamina.engine;

import java.util.List;
import java.util.Set;
import org.lamina.network.Network;

/**
 * How a network is to be trained, as far as the plan is concerned.
 *
 * @param batch the largest number of images that pass through the network at once, at least 1
 * @param losses what is to become smaller; at least one
 * @param frozen names of layers, or of single parameters such as {@code conv1.weight}, that keep
 *     their values; layers whose running statistics are frozen, too, are trained by those
 * @param recompute whether results of layers are worked out a second time for the way back instead
 *     of being kept: a step takes up to a third longer and much less memory; its bits are the same
 */
public record TrainingOptions(int batch, List<Loss> losses, Set<String> frozen, boolean recompute) {

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException if the batch is less than 1 or there is no loss
   */
  public TrainingOptions {
    losses = List.copyOf(losses);
    frozen = Set.copyOf(frozen);
    if (batch < 1) {
      throw new IllegalArgumentException("the batch must be at least 1, but is " + batch);
    }
    if (losses.isEmpty()) {
      throw new IllegalArgumentException("training needs at least one loss");
    }
  }

  /** Options without recomputation. */
  public TrainingOptions(int batch, List<Loss> losses, Set<String> frozen) {
    this(batch, losses, frozen, false);
  }

  /** Returns options with the network's own losses, nothing frozen. */
  public static TrainingOptions of(Network network, int batch) {
    return new TrainingOptions(batch, Loss.of(network), Set.of());
  }

  /** Returns the same options for another batch. */
  public TrainingOptions withBatch(int images) {
    return new TrainingOptions(images, losses, frozen, recompute);
  }

  /** Returns the same options with or without recomputation. */
  public TrainingOptions withRecompute(boolean wanted) {
    return new TrainingOptions(batch, losses, frozen, wanted);
  }
}
