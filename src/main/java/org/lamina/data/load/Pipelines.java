package org.lamina.data.load;

import java.util.Optional;
import org.lamina.data.Augmenter;
import org.lamina.data.ComputedSteps;
import org.lamina.data.DataException;
import org.lamina.data.Pipeline;
import org.lamina.data.Preprocessor;
import org.lamina.data.TenCrop;
import org.lamina.data.source.Dataset;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;

/** What is done with the pictures of a network, in training and in evaluation. */
public final class Pipelines {

  private Pipelines() {}

  /**
   * Returns the network with numbers where its preprocessing says {@code mean: computed} or {@code
   * std: computed}; the network itself if it does not. This is the one to train and to write.
   *
   * @param threads that look at the training set
   * @throws NetworkException if a resize or crop comes after scale, mean or std
   * @throws DataException if no picture can be read
   */
  public static Network resolved(Network network, Dataset train, int threads) {
    return ComputedSteps.isNeeded(network)
        ? ComputedSteps.resolve(network, Statistics.of(train, network, threads))
        : network;
  }

  /**
   * Returns what the training does: preprocessing and augmentation. Looks at the training set if a
   * step of the augmentation needs its colours.
   *
   * @param threads that look at it
   * @throws NetworkException if preprocessing or augmentation do not fit the network's input
   * @throws DataException if no picture can be read
   */
  public static Pipeline training(Network network, Dataset train, int threads) {
    return Augmenter.of(
        network,
        Augmenter.needsColors(network)
            ? Optional.of(Statistics.of(train, network, threads))
            : Optional.empty());
  }

  /**
   * Returns what an evaluation does.
   *
   * @param crops 1 for the network's preprocessing, 10 for {@link TenCrop}
   * @throws NetworkException if the preprocessing does not fit the network's input or the crops
   * @throws IllegalArgumentException for other numbers of crops
   */
  public static Pipeline evaluation(Network network, int crops) {
    return switch (crops) {
      case 1 -> Preprocessor.of(network);
      case 10 -> TenCrop.of(network);
      default ->
          throw new IllegalArgumentException("crops must be 1 or 10, but is %d".formatted(crops));
    };
  }
}
