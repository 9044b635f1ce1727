package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.train.Recipe.Evaluation;
import org.lamina.train.Recipe.Length;
import org.lamina.train.Recipe.Rate;
import org.lamina.yaml.NetworkFile;

/** What may stand under {@code training}, and what may not. */
final class RecipeTest {

  @Test
  void everythingCanBeSaid() {
    Recipe recipe =
        DecisionsTest.recipe(
            """
            {batch: 32, accumulate: 4, epochs: 2.5, optimizer: {adamw: {weight_decay: 0.1}},
             learning_rate: {cosine: {start: 0.1}}, warm_up: 0.5, clip: 1,
             rates: {"*.bias": {learning_rate: 2, weight_decay: 0}}, freeze: [conv1, "fc*.bias"],
             losses: {prob: 1, head: 0.3}, label_smoothing: 0.1, class_weights: [1, 2],
             evaluate: {every: 2, crops: 10, share: 0.2}, best: validation_loss, early_stop: 3,
             time: 1.5 h, checkpoint: 0.5, unreadable: fail, seed: 7}
            """);
    assertEquals(Optional.of(32), recipe.batch());
    assertEquals(4, recipe.accumulate());
    assertEquals(new Length(2.5, false), recipe.length());
    assertEquals(new Optimizer.AdamW(0.9, 0.999, 1e-8, 0.1), recipe.optimizer());
    assertEquals(new Schedule.Cosine(0.1, 0), recipe.schedule());
    assertEquals(0.5, recipe.warmUp());
    assertEquals(1, recipe.clip());
    assertEquals(List.of(new Rate("*.bias", 2, 0)), recipe.rates());
    assertEquals(List.of("conv1", "fc*.bias"), recipe.frozen());
    assertEquals(Map.of("prob", 1.0, "head", 0.3), recipe.losses());
    assertEquals(0.1, recipe.labelSmoothing());
    assertEquals(List.of(1.0, 2.0), recipe.classWeights());
    assertEquals(new Evaluation(2, 10, 0.2), recipe.evaluation());
    assertEquals(Metric.VALIDATION_LOSS, recipe.best());
    assertEquals(3, recipe.earlyStop());
    assertEquals(Optional.of(Duration.ofMinutes(90)), recipe.budget());
    assertEquals(0.5, recipe.checkpointEvery());
    assertEquals(Recipe.Unreadable.FAIL, recipe.unreadable());
    assertEquals(7, recipe.seed());
  }

  @Test
  void shortFormsAreEnough() {
    Recipe recipe =
        DecisionsTest.recipe("{batch: auto, steps: 4000, optimizer: adam, learning_rate: 0.1}");
    assertEquals(Optional.empty(), recipe.batch());
    assertEquals(new Length(4000, true), recipe.length());
    assertEquals(new Optimizer.Adam(0.9, 0.999, 1e-8, 0), recipe.optimizer());
    assertEquals(new Schedule.Constant(0.1), recipe.schedule());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{bach: 3}|training has no 'bach', did you mean 'batch'?",
        "{batch: 0}|batch must be 1 to 2147483647, but is 0",
        "{batch: 1.5}|batch must be a whole number, but is 1.5",
        "{batch: lots}|batch must be a number",
        "{epochs: 1, steps: 2}|a training has either epochs or steps, not both",
        "{optimizer: adm}|there is no optimizer 'adm', did you mean 'adam'?",
        "{optimizer: {sgd: {momentum: 1}}}|momentum must be at least 0 and less than 1, but is 1.0",
        "{learning_rate: -1}|learning_rate must be at least 0, but is -1",
        "{learning_rate: {step: {start: 1}}}|'every' is missing; step cannot do without it",
        "{best: validation_acuracy}|best must be validation_error or validation_accuracy or validation_loss or training_loss, but is 'validation_acuracy', did you mean 'validation_accuracy'?",
        "{time: 30}|time must be a number with s, min, h or d: 30 min",
        "{evaluate: {crops: 5}}|crops must be 1 or 10, but is 5",
        "{rates: {a: {rate: 2}}}|'a' takes learning_rate and weight_decay",
        "{losses: prob}|losses must name layers and what each counts: {prob: 1, head: 0.3}",
        "{label_smoothing: 1.5}|label_smoothing must be 0 to 1, but is 1.5",
        "{freeze: [1]}|freeze must be a list of names",
        "{class_weights: 3}|class_weights must be a list of numbers"
      })
  void mistakesAreNamedWithTheirPlace(String training, String problem) {
    RecipeException found =
        assertThrows(RecipeException.class, () -> DecisionsTest.recipe(training));
    assertEquals(1, found.problems().size(), found.getMessage());
    assertTrue(found.getMessage().matches("n\\.yaml:5:\\d+: .*(?s)"), found.getMessage());
    assertTrue(found.getMessage().endsWith(": " + problem), found.getMessage());
  }

  @Test
  void allMistakesAreNamedAtOnce() {
    RecipeException found =
        assertThrows(
            RecipeException.class, () -> DecisionsTest.recipe("{bach: 3, seed: x, clip: -1}"));
    assertEquals(3, found.problems().size());
  }

  private static List<Path> networks() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("networks"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void theRecipeOfEveryShippedNetworkIsUnderstood(Path file) {
    Recipe.of(NetworkFile.read(file).training());
  }
}
