package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lamina.network.Network;
import org.lamina.train.Decisions.End;
import org.lamina.train.Decisions.Measured;
import org.lamina.yaml.NetworkFile;

/** The plateau rule, early stopping and the best weights, evaluation by evaluation. */
final class DecisionsTest {

  static Recipe recipe(String training) {
    String text =
        "network: n\ninput: {shape: [1, 4, 4]}\nlayers: [fc: {units: 2}, softmax: ]\n"
            + "loss: softmax_cross_entropy\ntraining: "
            + training
            + "\n";
    Network network = NetworkFile.parse("n.yaml", text);
    return Recipe.of(network.training());
  }

  private static Measured accuracy(double accuracy) {
    return new Measured(accuracy, 1 - accuracy, 0.5);
  }

  @Test
  void thePlateauRuleDropsAfterSoManyUselessEvaluations() {
    Recipe recipe = recipe("{learning_rate: {plateau: {start: 0.1, patience: 2, drops: 1}}}");
    Decisions decisions = new Decisions(recipe, TrainingState.START);
    assertTrue(decisions.take(1, accuracy(0.5)));
    assertFalse(decisions.take(2, accuracy(0.5)));
    assertEquals(0, decisions.drops());
    assertFalse(decisions.take(3, accuracy(0.4)));
    assertEquals(1, decisions.drops());
    assertTrue(decisions.take(4, accuracy(0.6)));
    assertFalse(decisions.take(5, accuracy(0.6)));
    assertEquals(End.NONE, decisions.end());
    assertFalse(decisions.take(6, accuracy(0.6)));
    assertEquals(End.PLATEAU, decisions.end(), "a second drop is one too many");
    assertEquals(0.6, decisions.best());
    assertEquals(4, decisions.bestStep());
  }

  @Test
  void earlyStoppingGoesByTheMetricOfTheBest() {
    Recipe recipe = recipe("{early_stop: 2, best: validation_loss}");
    Decisions decisions = new Decisions(recipe, TrainingState.START);
    decisions.take(1, new Measured(0.5, 2, 1));
    assertTrue(decisions.take(2, new Measured(0.4, 1, 1)), "the loss counts");
    assertFalse(decisions.take(3, new Measured(0.9, 1.5, 1)));
    assertEquals(End.NONE, decisions.end());
    assertFalse(decisions.take(4, new Measured(0.9, 1, 1)));
    assertEquals(End.EARLY_STOP, decisions.end());
  }

  @Test
  void withoutAValidationSetTheTrainingLossCounts() {
    Decisions decisions = new Decisions(recipe("{}"), TrainingState.START);
    assertTrue(decisions.take(1, new Measured(Double.NaN, Double.NaN, 2)));
    assertFalse(decisions.take(2, new Measured(Double.NaN, Double.NaN, 3)));
    assertTrue(decisions.take(3, new Measured(Double.NaN, Double.NaN, 1)));
  }

  @Test
  void aStateBringsEverythingBack() {
    Recipe recipe =
        recipe("{learning_rate: {plateau: {start: 0.1, patience: 2, drops: 3}}, early_stop: 5}");
    Decisions whole = new Decisions(recipe, TrainingState.START);
    Decisions parts = new Decisions(recipe, TrainingState.START);
    double[] accuracies = {0.1, 0.2, 0.2, 0.1, 0.3, 0.2, 0.2, 0.2, 0.2};
    for (int i = 0; i < accuracies.length; i++) {
      whole.take(i, accuracy(accuracies[i]));
      parts.take(i, accuracy(accuracies[i]));
      parts = new Decisions(recipe, TrainingState.START.evaluated(parts));
      assertEquals(whole.drops(), parts.drops());
      assertEquals(whole.end(), parts.end());
      assertEquals(whole.best(), parts.best());
    }
  }

  @Test
  void thereAreDefaults() {
    Recipe recipe = recipe("{}");
    assertEquals(Optional.of(64), recipe.batch());
    assertEquals(Map.of(), recipe.losses());
    assertEquals(Recipe.Loss.SOFTMAX_CROSS_ENTROPY, recipe.loss());
  }
}
