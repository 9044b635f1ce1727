package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lamina.data.ComputedSteps;
import org.lamina.data.Preprocessor;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.opencl.Device;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;

/** A run puts numbers where its network says that mean and std are computed. */
final class ComputedPreprocessingTest {

  @Test
  void theRunsNetworkHasTheNumbersOfTheTrainingSet() {
    String text =
        Trainings.text("{batch: 8, epochs: 1, optimizer: sgd, learning_rate: 0.01}")
            .replace("{mean: 128}, {std: 64}", "{mean: computed}, {std: computed}");
    Network asked = NetworkFile.parse("small.yaml", text);
    assertTrue(ComputedSteps.isNeeded(asked));
    assertEquals(asked, NetworkFile.parse("again.yaml", NetworkWriter.print(asked)));
    try (Run run = Run.of(asked, Trainings.DATA, new Run.Options(2), Device.best())) {
      Network network = run.network();
      assertFalse(ComputedSteps.isNeeded(network));
      Mean mean = (Mean) network.preprocessing().steps().get(1);
      assertEquals(3, mean.values().size());
      assertTrue(mean.values().stream().allMatch(value -> value > 60 && value < 190), mean + "");
      assertEquals(network, NetworkFile.parse("run.yaml", NetworkWriter.print(network)));
      assertEquals(Optional.of("softmax_cross_entropy"), network.training().loss());
      assertEquals(12, Preprocessor.of(network).shape().w());
    }
  }
}
