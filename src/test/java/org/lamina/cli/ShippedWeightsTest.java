package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.TestData;
import org.lamina.data.Labels;
import org.lamina.model.WeightFile;
import org.lamina.network.Network;
import org.lamina.weights.ElementType;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkWriter;

/** Weights that come with Lamina: they fit, are small, and are as good as docs/training.md says. */
final class ShippedWeightsTest {

  private static final Path FOLDER = Path.of("networks");
  private static final int MOST_BYTES = 6_000_000;

  @TempDir private Path folder;

  private static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith(".safetensors"))
              .map(file -> file.substring(0, file.length() - ".safetensors".length()))
              .sorted()
              .toList();
      assertEquals(List.of("alexnet-32", "lenet"), names);
      return names;
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void theyAreHalvesThatFitAndSmall(String name) throws IOException {
    Network network = NetworkFile.find(name);
    try (TensorFile file = WeightFile.belongingTo(name).orElseThrow().open(network)) {
      Weights.check(network, file);
      assertEquals(Set.of(ElementType.F16), Set.copyOf(file.types().values()));
    }
    assertTrue(Files.size(FOLDER.resolve(name + ".safetensors")) <= MOST_BYTES);
    assertTrue(network.parameters() <= 3_000_000);
    assertEquals(10, Labels.read(FOLDER.resolve(name + ".labels.txt")).names().size());
  }

  @ParameterizedTest
  @MethodSource("names")
  void theirRunIsThatOfTheNetworkAsItIsNow(String name) throws IOException {
    Path run = FOLDER.resolve("runs").resolve(name);
    String network = Files.readString(run.resolve("network.yaml"));
    assertEquals(
        NetworkWriter.print(NetworkFile.find(name)), network.replaceFirst("\n  seed: \\d+", ""));
    assertEquals(
        Files.readString(FOLDER.resolve(name + ".labels.txt")),
        Files.readString(run.resolve("labels.txt")));
    assertTrue(Files.readString(run.resolve("run.json")).contains("\"seed\" : "));
    assertTrue(Files.size(run.resolve("metrics.csv")) > 1000);
  }

  @Test
  void aDigitIsReadWithoutAnyOption() {
    Outcome outcome = Outcome.of("classify", "lenet", "docs/digit.png", "--json").succeeded();
    JsonNode first = outcome.json().get(0).get("predictions").get(0);
    assertEquals("3", first.get("label").asText());
    assertTrue(first.get("probability").asDouble() > 0.9, outcome.out());
  }

  @Test
  void aPictureGetsTheNamesOfCifar() throws IOException {
    Path picture = Pictures.png(folder.resolve("picture.png"), 40, 32);
    Outcome outcome =
        Outcome.of("classify", "alexnet-32", picture, "--top=10", "--json").succeeded();
    JsonNode predictions = outcome.json().get(0).get("predictions");
    List<String> labels = predictions.findValuesAsText("label");
    assertTrue(
        labels.containsAll(List.of("airplane", "automobile", "frog", "truck")), labels::toString);
    double sum = 0;
    for (JsonNode prediction : predictions) {
      sum += prediction.get("probability").asDouble();
    }
    assertEquals(1, sum, 1e-3);
  }

  @Test
  void aNetworkMadeOtherwiseDoesNotTakeThem() {
    Outcome.of("classify", "lenet", "docs/digit.png", "--set", "ip1.units=100")
        .failed(ExitCode.DATA, "networks/lenet.safetensors", "ip1.weight");
  }

  @Test
  void otherCommandsFindThemToo() {
    Path npz = folder.resolve("lenet.npz");
    Outcome.of("export", "lenet", npz).succeeded();
    assertTrue(Files.exists(npz));
  }

  @Test
  void lenetIsRightOnMnist() {
    requireAccuracy("lenet", "mnist", 10_000, 0.989);
  }

  @Test
  void alexnetIsRightOnCifar() {
    requireAccuracy("alexnet-32", "cifar10", 500, 0.78);
  }

  private static void requireAccuracy(String network, String data, int images, double least) {
    Path place = TestData.file(data);
    JsonNode found =
        Outcome.of("evaluate", network, "--data", place, "--part", "test", "--json")
            .succeeded()
            .json();
    assertEquals(images, found.get("samples").asInt());
    double accuracy = found.get("top1").asDouble();
    assertTrue(accuracy >= least, network + ": " + accuracy);
  }
}
