package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.network.Augmentation;
import org.lamina.network.Network;
import org.lamina.network.Setting;
import org.lamina.network.Training;

/** {@code loss} and {@code training}: kept, inherited by key, edited, printed. */
final class TrainingTest {

  private static final String BASE =
      """
      network: base
      input: {shape: [3, 8, 8]}
      let: {rate: 0.01}
      layers: [relu]
      loss: softmax_cross_entropy
      training:
        batch: 128
        optimizer: {sgd: {momentum: 0.9, nesterov: true}}
        learning_rate: =rate*2
        augment: [{mirror: 0.5}, cutout]
        notes: ["say \\"a: b\\"", flip: ]
      """;

  @TempDir private Path folder;

  @Test
  void everythingIsKeptWithItsPlace() throws IOException {
    Training training = read(BASE, Overrides.NONE).training();
    assertEquals(Optional.of("softmax_cross_entropy"), training.loss());
    assertEquals(
        Map.of(
            "batch",
            128.0,
            "optimizer",
            Map.of("sgd", Map.of("momentum", 0.9, "nesterov", true)),
            "learning_rate",
            0.02,
            "augment",
            List.of(Map.of("mirror", 0.5), "cutout"),
            "notes",
            List.of("say \"a: b\"", Map.of("flip", Map.of()))),
        training.recipe().plain());
    Setting batch = training.recipe().fields().get("batch");
    assertTrue(batch.at().place().endsWith("base.yaml:7:10"), batch.at().place());
    assertEquals(
        List.of(new Augmentation.Mirror(0.5), new Augmentation.Cutout(8, 1)),
        training.augmentation().steps());
    assertEquals(
        List.of("batch", "optimizer", "learning_rate", "augment", "notes"),
        List.copyOf(training.recipe().fields().keySet()));
  }

  @Test
  void aDerivedFileReplacesKeysAndSetsValues() throws IOException {
    read(BASE, Overrides.NONE);
    Files.writeString(
        folder.resolve("derived.yaml"),
        """
        extends: base.yaml
        training: {batch: 32, epochs: 10, augment: []}
        edit: [set: {training.optimizer.sgd.momentum: 0.5}]
        """);
    Training training =
        NetworkFile.find(
                folder.resolve("derived.yaml").toString(),
                Overrides.NONE.andSet("training.epochs=20"))
            .training();
    assertEquals(
        Map.of(
            "batch",
            32.0,
            "optimizer",
            Map.of("sgd", Map.of("momentum", 0.5, "nesterov", true)),
            "learning_rate",
            0.02,
            "augment",
            List.of(),
            "notes",
            List.of("say \"a: b\"", Map.of("flip", Map.of())),
            "epochs",
            20.0),
        training.recipe().plain());
    assertEquals(Optional.of("softmax_cross_entropy"), training.loss());
  }

  @Test
  void whatIsPrintedLoadsToTheSame() throws IOException {
    Network network = read(BASE, Overrides.NONE);
    assertEquals(network, NetworkFile.parse("again.yaml", NetworkWriter.print(network)));
    assertEquals(network.training(), network.edit().named("other").build().training());
  }

  @Test
  void whatIsNotThereCannotBeSet() {
    NetworkFileException e =
        assertThrows(
            NetworkFileException.class,
            () -> read(BASE, Overrides.NONE.andSet("training.optimizer.sgd.momentun=1")));
    assertEquals(
        "--set 1:1: training.optimizer.sgd has no 'momentun' to set, did you mean 'momentum'?",
        e.getMessage().lines().findFirst().orElseThrow());
  }

  @Test
  void alexNetHasTheRecipeOfItsPaper() throws IOException {
    Map<String, Setting> recipe = NetworkFile.find("alexnet").training().recipe().fields();
    assertEquals(128.0, recipe.get("batch").plain());
    assertEquals(
        Map.of("sgd", Map.of("momentum", 0.9, "weight_decay", 5.0e-4)),
        recipe.get("optimizer").plain());
    assertTrue(Files.readAllLines(Path.of("networks/alexnet.yaml")).size() <= 45);
    for (String name : NetworkFile.shipped()) {
      List<String> lines = Files.readAllLines(Path.of("networks", name + ".yaml"));
      if (lines.contains("extends: alexnet.yaml")) {
        assertTrue(lines.size() <= 10, name);
      }
    }
  }

  private Network read(String text, Overrides overrides) throws IOException {
    Path file = folder.resolve("base.yaml");
    Files.writeString(file, text);
    return NetworkFile.find(file.toString(), overrides);
  }
}
