package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.layer.Convolution;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** Networks in several files: {@code extends}, {@code edit}, and the page about the language. */
final class DerivedNetworksTest {

  private static final String HEAD = "network: n\ninput: {shape: [4, 16, 16]}\n";

  @TempDir private Path folder;

  @BeforeEach
  void writeTheNetworkThatOthersExtend() throws IOException {
    write(
        "base.yaml",
        HEAD
            + """
            let: {width: 4, deep: =2*width}
            layers:
              - conv: {name: c1, filters: =width, kernel: 1}
              - relu
              - concat: {name: join, branches: [[tanh: {name: t}], []]}
              - conv: {name: c2, filters: =deep, kernel: 1}
            """);
  }

  @Test
  void editsOfSeveralLevels() throws IOException {
    Files.createDirectory(folder.resolve("sub"));
    write(
        "middle.yaml",
        """
        extends: base.yaml
        network: middle
        let: {width: 8}
        edit:
          - set: {c1.kernel: 3, c1.pad: 1, t.device: gpu1}
          - insert: {before: t, layers: [sigmoid, lrn: {name: norm}]}
        """);
    write(
        "sub/leaf.yaml",
        """
        extends: ../middle.yaml
        edit:
          - move: {layer: relu1, before: c1}
          - replace: {layer: norm, with: {batch_norm: }}
          - remove: sigmoid1
          - insert: {after: c2, layers: [relu]}
        """);
    Network network = NetworkFile.read(folder.resolve("sub/leaf.yaml"));
    assertEquals("middle", network.name());
    assertEquals(
        List.of("relu1", "c1", "norm", "t", "join", "c2", "relu2"),
        network.nodes().stream().map(Node::name).toList());
    assertEquals("batch_norm", network.node("norm").layer().key());
    assertEquals(List.of("c1"), network.node("norm").from());
    assertEquals(List.of("t", "c1"), network.node("join").from());
    assertEquals(16, ((Convolution) network.node("c2").layer()).filters());
    assertEquals("8×16×16", network.shape("c1").toString());
  }

  @Test
  void removingTheWholeOfABranchMakesItAShortcut() throws IOException {
    write("leaf.yaml", "extends: base.yaml\nedit: [{remove: t}]\n");
    Network network = NetworkFile.read(folder.resolve("leaf.yaml"));
    assertEquals(List.of("relu1", "relu1"), network.node("join").from());
  }

  @Test
  void whatReplacesALayerReadsWhatItRead() throws IOException {
    write(
        "leaf.yaml",
        "extends: base.yaml\nedit: [{set: {c2.from: relu1}}, {replace: {layer: c2, with: relu}}]\n");
    Network network = NetworkFile.read(folder.resolve("leaf.yaml"));
    assertEquals(List.of("relu1"), network.node("c2").from());
    assertEquals("relu", network.node("c2").layer().key());
  }

  @Test
  void everyExampleOfTheDocumentationIsANetwork() throws IOException {
    write(
        "small.yaml",
        HEAD
            + """
            layers:
              - conv: {name: conv1, filters: 8, kernel: 3}
              - relu: {name: relu1}
              - lrn: {name: norm1}
              - max_pool: {name: pool1, kernel: 2}
            """);
    write("resnet.yaml", BlocksTest.RESNET);
    Matcher blocks =
        Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/language.md")));
    int examples = 0;
    while (blocks.find()) {
      write("example.yaml", complete(blocks.group(1)));
      NetworkFile.read(folder.resolve("example.yaml"));
      examples++;
    }
    assertTrue(examples >= 10, "only " + examples + " examples");
  }

  /** Adds what an example leaves out: name, input and layers. */
  static String complete(String example) {
    boolean derived = example.contains("extends:");
    boolean hasInput = derived || example.contains("input:") || example.contains("inputs:");
    return example
        + (example.contains("network:") ? "" : "network: example\n")
        + (hasInput ? "" : "input: {shape: [64, 56, 56]}\n")
        + (derived || example.contains("layers:") ? "" : "layers: [relu]\n");
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }
}
