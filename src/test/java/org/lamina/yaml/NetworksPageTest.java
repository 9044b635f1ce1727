package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.layer.Convolution;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Layer;
import org.lamina.layer.LocallyConnected;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** networks/README.md is made of the networks themselves. */
final class NetworksPageTest {

  private static final Path FOLDER = Path.of("networks");
  private static final Path PAGE = FOLDER.resolve("README.md");
  private static final String WRITE = "lamina.write";

  @Test
  void thePageIsWhatTheNetworksSay() throws IOException {
    String page = page();
    if (Boolean.getBoolean(WRITE)) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        page,
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        "networks/README.md is not what the networks say; make it again with"
            + " mvn test -Dtest=NetworksPageTest -D%s=true".formatted(WRITE));
  }

  private static String page() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Networks

            Every one is found by its name, as in `lamina summary resnet-50`, and can be derived from: `extends: resnet-50`.
            Parameters are learned values; MACs are the multiplications of one image in convolutions and fully connected
            layers; the depth counts the layers with weights on the longest way from input to output. Tests hold these
            numbers against those that are published. Each file names its source in full.

            | name | from | lines | parameters | MACs | depth |
            |---|---|---:|---:|---:|---:|
            """);
    for (String name : NetworkFile.shipped()) {
      List<String> lines = Files.readAllLines(FOLDER.resolve(name + ".yaml"));
      Network network = NetworkFile.find(name);
      page.append(
          String.format(
              Locale.ROOT,
              "| [%s](%s.yaml) | %s | %d | %,d | %,d | %d |\n",
              name,
              name,
              source(lines),
              lines.size(),
              network.parameters(),
              network.macs(),
              depth(network)));
    }
    return page.toString();
  }

  /** Returns the first sentence of the comment that a file begins with. */
  private static String source(List<String> lines) {
    String comment =
        lines.stream()
            .takeWhile(line -> line.startsWith("# "))
            .map(line -> line.substring(2))
            .collect(Collectors.joining(" "));
    String sentence = comment.split("\\.(?= [A-Z]|$)", 2)[0];
    if (sentence.isBlank() || sentence.contains("|")) {
      throw new IllegalStateException("this cannot stand in a table: " + sentence);
    }
    return sentence;
  }

  /** Returns the largest number of layers with weights on a way through a network. */
  private static int depth(Network network) {
    Map<String, Integer> depths = new HashMap<>();
    for (Node node : network.nodes()) {
      int before =
          node.from().stream().mapToInt(from -> depths.getOrDefault(from, 0)).max().orElse(0);
      depths.put(node.name(), before + (hasWeights(node.layer()) ? 1 : 0));
    }
    return network.outputs().stream().mapToInt(depths::get).max().orElseThrow();
  }

  /** Normalisation has parameters, too, but nobody counts it as a layer. */
  private static boolean hasWeights(Layer layer) {
    return Stream.of(Convolution.class, FullyConnected.class, LocallyConnected.class)
        .anyMatch(type -> type.isInstance(layer));
  }

  /** The papers count; the numbers in the names of most of these networks are their depths. */
  @ParameterizedTest
  @CsvSource({
    "alexnet, 8",
    "alexnet-2012, 8",
    "zfnet, 8",
    "alexnet-32, 7",
    "quickstart, 7",
    "lenet, 4",
    "nin, 12",
    "vgg-11, 11",
    "vgg-13, 13",
    "vgg-16, 16",
    "vgg-19, 19",
    "googlenet, 22",
    "googlenet-training, 22",
    "resnet-18, 18",
    "resnet-20, 20",
    "resnet-32, 32",
    "resnet-34, 34",
    "resnet-44, 44",
    "resnet-50, 50",
    "resnet-56, 56",
    "resnet-101, 101",
    "resnet-152, 152",
    "mobilenet-v1, 28"
  })
  void theDepthIsThatOfThePaper(String name, int depth) {
    assertEquals(depth, depth(NetworkFile.find(name)));
  }

  @Test
  void whatStandsInTheTableIsTheFirstSentence() {
    assertEquals(
        "Someone et al.: A title (1998), as built",
        source(
            List.of("# Someone et al.: A title (1998), as", "# built. More here.", "network: x")));
    assertEquals("One line", source(List.of("# One line.", "network: x")));
    assertThrows(IllegalStateException.class, () -> source(List.of("network: x")));
  }
}
