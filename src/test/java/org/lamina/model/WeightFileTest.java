package org.lamina.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.weights.TensorFile;
import org.lamina.weights.WeightsException;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkFileException;

/** Which weights belong to a network. */
final class WeightFileTest {

  @TempDir private Path folder;

  private String network(String name) throws IOException {
    return Files.writeString(
            folder.resolve(name),
            """
            network: one
            input: {shape: [1, 1, 1]}
            layers: [fc: {name: head, units: 2}]
            variants: {thin: {edit: [set: {head.units: 1}]}}
            """)
        .toString();
  }

  private Path file(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "");
  }

  private static Optional<Path> found(String network) {
    return WeightFile.belongingTo(network).map(WeightFile::path);
  }

  @Test
  void theyLieBesideTheNetworkUnderItsName() throws IOException {
    String one = network("one.yaml");
    assertEquals(Optional.empty(), found(one));
    Path weights = file("one.safetensors");
    assertEquals(Optional.of(weights), found(one));
    assertEquals(Optional.empty(), found(network("two.yml")));
    assertEquals(Optional.of(file("two.safetensors")), found(folder.resolve("two.yml").toString()));
  }

  @Test
  void aVariantHasItsOwn() throws IOException {
    String one = network("one.yaml");
    file("one.safetensors");
    assertEquals(Optional.empty(), found(one + "@thin"));
    assertEquals(Optional.of(file("one-thin.safetensors")), found(one + "@thin"));
  }

  @Test
  void theBestOfATrainingComeBeforeTheLast() throws IOException {
    String run = network("network.yaml");
    assertEquals(Optional.empty(), found(run));
    assertEquals(Optional.of(file("last.safetensors")), found(run));
    assertEquals(Optional.of(file("best.safetensors")), found(run));
    file("my-network.yaml");
    assertEquals(Optional.empty(), found(folder.resolve("my-network.yaml").toString()));
  }

  @Test
  void aNetworkThatIsNotThereIsAMistake() {
    assertThrows(NetworkFileException.class, () -> WeightFile.belongingTo("nothing-like-it"));
  }

  @Test
  void shippedNetworksMayHaveWeightsWithLabels() {
    WeightFile weights = WeightFile.belongingTo("lenet").orElseThrow();
    try (TensorFile file = weights.open(NetworkFile.find("lenet"))) {
      assertEquals(Path.of("networks", "lenet.safetensors"), weights.path());
      assertEquals(weights.path().toString(), file.origin());
    }
    assertEquals(
        List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        weights.labels(Optional.empty(), 10));
    assertTrue(WeightFile.belongingTo("alexnet").isEmpty());
    assertFalse(WeightFile.belongingTo("alexnet-32").isEmpty());
  }

  @Test
  void labelsThatAreGivenComeFirst() throws IOException {
    Path labels = Files.writeString(folder.resolve("names.txt"), "a\nb\n");
    WeightFile weights = WeightFile.belongingTo("lenet").orElseThrow();
    assertEquals(List.of("a", "b"), weights.labels(Optional.of(labels), 2));
  }

  @Test
  void withoutWeightsTheMessageSaysSo() {
    WeightsException e =
        assertThrows(WeightsException.class, () -> Classifier.open("alexnet-owt").close());
    assertEquals(
        "alexnet-owt: the network has no weights of its own; name a file of them", e.getMessage());
  }
}
