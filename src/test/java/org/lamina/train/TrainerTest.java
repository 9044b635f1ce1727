package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;
import org.lamina.train.Trainer.End;
import org.lamina.weights.Safetensors;
import org.lamina.weights.WeightSource;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFile;

// Longer than 300 lines because every way that a run can go on or end is tried here.
/** Runs of a small network: they learn, can be told when to end, and always give the same bits. */
final class TrainerTest {

  private static final String RECIPE =
      "{batch: 8, epochs: 3, optimizer: {sgd: {momentum: 0.9}}, learning_rate: 0.05,"
          + " augment: [mirror], evaluate: {every: 0.5}, checkpoint: 0.4}";

  private static Session session;

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private End train(String name, String recipe) {
    return Trainings.train(
        session, Trainings.network(recipe), folder.resolve(name), 2, TrainingListener.SILENT);
  }

  private List<MetricsFile.Row> rows(String name) throws IOException {
    return MetricsFile.read(folder.resolve(name).resolve("metrics.csv"));
  }

  @Test
  void aRunLearnsAndKeepsEverything() throws IOException {
    assertEquals(End.COMPLETE, train("a", RECIPE));
    List<MetricsFile.Row> rows = rows("a");
    assertEquals(36, rows.get(rows.size() - 1).step());
    assertEquals(6, rows.stream().filter(MetricsFile.Row::isEvaluation).count());
    double first = rows.stream().limit(6).mapToDouble(MetricsFile.Row::loss).average().orElse(0);
    double last =
        rows.stream().skip(rows.size() - 6L).mapToDouble(MetricsFile.Row::loss).average().orElse(9);
    assertTrue(last < 0.9 * first, first + " -> " + last);
    for (String file : List.of("best.safetensors", "last.safetensors", "labels.txt", "run.json")) {
      assertTrue(Files.isRegularFile(folder.resolve("a").resolve(file)), file);
    }
    assertEquals(2, new Checkpoints(folder.resolve("a/checkpoints")).all().size());
  }

  @Test
  void threadsAndRepetitionChangeNothing() throws IOException {
    Network network = Trainings.network(RECIPE);
    Trainings.train(session, network, folder.resolve("a"), 1, TrainingListener.SILENT);
    Trainings.train(session, network, folder.resolve("b"), 3, TrainingListener.SILENT);
    assertEquals(Trainings.bits(folder.resolve("a")), Trainings.bits(folder.resolve("b")));
    train("c", RECIPE.replace("{batch", "{seed: 2, batch"));
    assertNotEquals(Trainings.bits(folder.resolve("a")), Trainings.bits(folder.resolve("c")));
  }

  /** Stops after every fifth step, and goes on with a device memory that knows nothing. */
  @Test
  void stoppingAndGoingOnChangesNothing() throws IOException {
    train("a", RECIPE);
    Network network = Trainings.network(RECIPE);
    Path path = folder.resolve("b");
    End end = stopAfter(5, network, path);
    int sessions = 1;
    while (end == End.STOPPED) {
      end = stopAfter(5, network, path);
      sessions++;
    }
    assertTrue(sessions >= 7, sessions + " sessions");
    assertEquals(Trainings.bits(folder.resolve("a")), Trainings.bits(path));
  }

  private End stopAfter(int steps, Network network, Path path) {
    boolean begins = !Files.exists(path);
    try (Run begun = Run.of(network, Trainings.DATA, new Run.Options(2), Device.best());
        RunFolder runFolder = begins ? begun.begin(path, "seed 1") : RunFolder.open(path)) {
      Stopper stopper = new Stopper(steps);
      try (Trainer trainer =
          begun.trainer(session, runFolder, Trainings.seeded(network), stopper)) {
        stopper.trainer = trainer;
        return trainer.run();
      }
    }
  }

  /** Asks for the end after some steps. */
  private static final class Stopper implements TrainingListener {
    private final int most;
    private int steps;
    private Trainer trainer;

    Stopper(int most) {
      this.most = most;
    }

    @Override
    public void step(StepDone step) {
      if (++steps == most) {
        trainer.stop();
      }
    }
  }

  @Test
  void aChangedDataSetIsNoticed() {
    train("a", RECIPE);
    try (RunFolder runFolder = RunFolder.open(folder.resolve("a"))) {
      Optional<String> other = Optional.of(Trainings.DATA.replace("train=96", "train=88"));
      RunException found =
          assertThrows(RunException.class, () -> Run.resume(runFolder, other, 1, Device.best()));
      assertTrue(found.getMessage().contains("other data"), found.getMessage());
    }
  }

  @Test
  void accumulatedMicroBatchesAreOneBatchUpToRounding() throws IOException {
    String recipe = RECIPE.replace("epochs: 3", "steps: 4").replace("augment: [mirror]", "seed: 1");
    Network whole = Trainings.network(recipe);
    Network parts = Trainings.network(recipe.replace("batch: 8", "batch: 8, accumulate: 2"));
    // Batch normalisation sees other batches then, so it is left out.
    Map<String, Tensor> a = weights("a", plain(whole));
    Map<String, Tensor> b = weights("b", plain(parts));
    a.forEach(
        (name, tensor) -> {
          float[] found = b.get(name).values();
          for (int i = 0; i < found.length; i++) {
            assertEquals(tensor.values()[i], found[i], 2e-5, name);
          }
        });
  }

  private static Network plain(Network network) {
    return network.edit().remove("norm1").build();
  }

  private Map<String, Tensor> weights(String name, Network network) {
    Trainings.train(session, network, folder.resolve(name), 2, TrainingListener.SILENT);
    Map<String, Tensor> tensors = new java.util.LinkedHashMap<>();
    try (Safetensors file = Safetensors.open(folder.resolve(name).resolve("last.safetensors"))) {
      file.shapes().keySet().forEach(key -> tensors.put(key, file.read(key).orElseThrow()));
    }
    return tensors;
  }

  @Test
  void aLossThatIsNoNumberEndsTheRunAndNamesTheLayer() throws IOException {
    String recipe = RECIPE.replace("learning_rate: 0.05", "learning_rate: 1.0e+30");
    NonFiniteLossException found =
        assertThrows(NonFiniteLossException.class, () -> train("a", recipe));
    assertTrue(found.getMessage().contains("is not a finite number"), found.getMessage());
    assertTrue(found.getMessage().matches("(?s).*is in '[^']+'.*"), found.getMessage());
    for (Path checkpoint : new Checkpoints(folder.resolve("a/checkpoints")).all()) {
      try (Safetensors file = Safetensors.open(checkpoint.resolve("weights.safetensors"))) {
        for (String name : file.shapes().keySet()) {
          for (float value : file.read(name).orElseThrow().values()) {
            assertTrue(Float.isFinite(value), name);
          }
        }
      }
    }
  }

  @Test
  void runsEndEarlyWhenTheyAreTold() throws IOException {
    assertEquals(End.TIME, train("time", RECIPE.replace("batch", "time: 0 s, batch")));
    String still = RECIPE.replace("learning_rate: 0.05", "learning_rate: 0");
    assertEquals(
        End.EARLY_STOP,
        train(
            "early",
            still
                .replace("batch", "early_stop: 2, best: training_loss, batch")
                .replace("epochs: 3", "epochs: 100")));
    assertTrue(rows("early").size() < 200);
    String plateau =
        RECIPE.replace(
            "learning_rate: 0.05",
            "learning_rate: {plateau: {start: 0, patience: 1, drops: 1, watch: validation_error}}");
    assertEquals(End.PLATEAU, train("plateau", plateau.replace("epochs: 3", "epochs: 100")));
  }

  @Test
  void frozenParametersStayAsTheyWere() {
    Network network = Trainings.network(RECIPE.replace("batch", "freeze: [\"conv*\"], batch"));
    Map<String, Tensor> after = weights("a", network);
    Tensor before = Trainings.seeded(network).apply("conv1.weight");
    assertArrayEquals(before.values(), after.get("conv1.weight").values());
    Tensor head = Trainings.seeded(network).apply("head.weight");
    assertFalse(Arrays.equals(head.values(), after.get("head.weight").values()));
  }

  @Test
  void frozenStatisticsStayAsTheyWere() {
    Network network = Trainings.network(RECIPE.replace("batch", "freeze: [norm*], batch"));
    Map<String, Tensor> after = weights("a", network);
    for (String name : List.of("norm1.weight", "norm1.running_mean", "norm1.running_var")) {
      float[] before = Trainings.seeded(network).apply(name).values();
      assertArrayEquals(before, after.get(name).values(), name);
    }
  }

  @Test
  void recomputationChangesNothing() throws IOException {
    Network kept = deep(RECIPE.replace("batch", "recompute: off, batch"));
    Trainings.train(session, kept, folder.resolve("a"), 2, TrainingListener.SILENT);
    Network network = deep(RECIPE.replace("batch", "recompute: on, batch"));
    try (Run run = Run.of(network, Trainings.DATA, new Run.Options(1), Device.best())) {
      assertTrue(run.bytes(true) < run.bytes(false));
      assertEquals(run.bytes(true), run.bytes());
    }
    Trainings.train(session, network, folder.resolve("b"), 2, TrainingListener.SILENT);
    assertEquals(Trainings.bits(folder.resolve("a")), Trainings.bits(folder.resolve("b")));
  }

  private static Network deep(String recipe) {
    StringBuilder more = new StringBuilder();
    for (int i = 2; i <= 6; i++) {
      more.append("  - conv: {name: conv%d, filters: 8, kernel: 3, pad: 1}\n".formatted(i));
      more.append("  - batch_norm: {name: norm%d}\n  - tanh:\n".formatted(i));
    }
    String text = Trainings.text(recipe).replace("  - max_pool", more + "  - max_pool");
    return NetworkFile.parse("deep.yaml", text);
  }

  @Test
  void whatFitsIsTransferredTheRestBeginsAnew() {
    Network ten = Trainings.network(RECIPE);
    Map<String, Tensor> trained = weights("a", ten);
    WeightSource source = WeightSource.of("a.safetensors", trained);
    Network three = ten.edit().set("head.units", 3).build();
    Transfer transfer = new Transfer(three, source, 5);
    assertEquals(List.of("head.weight", "head.bias"), transfer.begun());
    assertArrayEquals(
        trained.get("conv1.weight").values(), transfer.read("conv1.weight").orElseThrow().values());
    assertEquals(3, transfer.read("head.weight").orElseThrow().shape().extent(0));
    Network stranger =
        Trainings.network(RECIPE)
            .edit()
            .set("conv1.filters", 7)
            .remove("norm1")
            .set("head.units", 9)
            .build();
    WeightsException none =
        assertThrows(WeightsException.class, () -> new Transfer(stranger, source, 5));
    assertTrue(none.getMessage().contains("no tensor of the name and shape"), none.getMessage());
  }

  @Test
  void aRecipeThatDoesNotFitNamesEverything() {
    String recipe =
        "{batch: 7, accumulate: 2, freeze: [cnv1], rates: {\"x.*\": {learning_rate: 2}}, losses: {prop: 1}}";
    RecipeException found = assertThrows(RecipeException.class, () -> train("a", recipe));
    assertEquals(4, found.problems().size(), found.getMessage());
    assertTrue(found.getMessage().contains("did you mean 'prob'?"), found.getMessage());
    assertFalse(Files.exists(folder.resolve("a")), "nothing is written");
    Network five = Trainings.network(RECIPE).edit().set("head.units", 5).build();
    RecipeException classes =
        assertThrows(
            RecipeException.class,
            () -> Run.of(five, Trainings.DATA, new Run.Options(1), Device.best()));
    assertTrue(classes.getMessage().contains("5 classes"), classes.getMessage());
  }

  @Test
  void aFolderThatCannotBeMadeIsSaidAtOnce() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    RunException found =
        assertThrows(
            RunException.class,
            () ->
                Trainings.train(
                    session,
                    Trainings.network(RECIPE),
                    file.resolve("run"),
                    1,
                    TrainingListener.SILENT));
    assertTrue(found.getMessage().contains("cannot be made"), found.getMessage());
  }

  @Test
  void listenersHearEverything() {
    List<String> heard = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void step(StepDone step) {
            assertTrue(step.loss() > 0 && step.accuracy() >= 0 && step.accuracy() <= 1);
            assertEquals(36, step.last());
          }

          @Override
          public void evaluated(Evaluated evaluation) {
            heard.add("evaluated " + evaluation.step());
          }

          @Override
          public void checkpoint(Path path, long step) {
            heard.add("checkpoint " + step);
          }
        };
    Trainings.train(session, Trainings.network(RECIPE), folder.resolve("a"), 2, listener);
    assertEquals(6, heard.stream().filter(word -> word.startsWith("evaluated")).count());
    assertTrue(heard.contains("checkpoint 36"), heard.toString());
  }
}
