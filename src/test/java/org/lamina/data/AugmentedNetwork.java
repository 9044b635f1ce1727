package org.lamina.data;

import java.util.List;
import java.util.Optional;
import org.lamina.network.Augmentation;
import org.lamina.network.Layers;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing;
import org.lamina.network.Training;
import org.lamina.tensor.Chw;

/** Makes networks of which only the preparation of pictures matters. */
public final class AugmentedNetwork {

  private AugmentedNetwork() {}

  /** Returns a network with these steps; without any the picture is taken as it is. */
  public static Network of(
      Chw input, List<Preprocessing.Step> steps, Augmentation.Step... augment) {
    List<Preprocessing.Step> some =
        steps.isEmpty()
            ? List.of(new Preprocessing.Channels(Preprocessing.Channels.Order.RGB))
            : steps;
    return Network.named("augmented")
        .input(input.c(), input.h(), input.w())
        .preprocess(some.toArray(Preprocessing.Step[]::new))
        .layer(Layers.of("relu"))
        .build()
        .with(
            new Training(
                Optional.empty(), Training.NONE.recipe(), new Augmentation(List.of(augment))));
  }
}
