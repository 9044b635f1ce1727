package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.layer.Convolution;
import org.lamina.layer.Extent;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** Blocks, repeats, conditional branches, and edits inside them. */
final class BlocksTest {

  static final String RESNET =
      """
      network: small-resnet
      input: {shape: [4, 8, 8]}
      let: {depth: 2}
      blocks:
        basic:
          args: {filters: int, stride: 1}
          layers:
            - add:
                - - conv: {filters: =filters, kernel: 3, stride: =stride, pad: 1}
                  - relu:
                  - conv: {name: last, filters: =filters, kernel: 3, pad: 1}
                - when_shape_differs:
                    - conv: {filters: =filters, kernel: 1, stride: =stride}
      layers:
        - repeat: {name: stage1, block: basic, times: =depth, with: {filters: 4}}
        - repeat: {name: stage2, block: basic, times: 2, with: {filters: 6}, first: {stride: 2}}
        - relu:
      """;

  @TempDir private Path folder;

  @Test
  void aShortcutIsALayerOnlyWhereTheShapeDiffers() throws IOException {
    Network network = derived("");
    assertEquals(
        List.of(
            "stage1.1.conv1",
            "stage1.1.relu1",
            "stage1.1.last",
            "stage1.1.add1",
            "stage1.2.conv1",
            "stage1.2.relu1",
            "stage1.2.last",
            "stage1.2.add1",
            "stage2.1.conv1",
            "stage2.1.relu1",
            "stage2.1.last",
            "stage2.1.conv2",
            "stage2.1.add1",
            "stage2.2.conv1",
            "stage2.2.relu1",
            "stage2.2.last",
            "stage2.2.add1",
            "relu1"),
        names(network));
    assertEquals(List.of("stage1.1.last", "input"), network.node("stage1.1.add1").from());
    assertEquals(List.of("stage2.1.last", "stage2.1.conv2"), network.node("stage2.1.add1").from());
    assertEquals("6×4×4", network.shape("relu1").toString());
  }

  @Test
  void repeatsAreEditedByTheirFields() throws IOException {
    Network network =
        derived(
            "let: {depth: 3}\nedit: [set: {stage2.times: 1, stage2.with.filters: 10, stage1.device: gpu1}]\n");
    assertEquals(List.of("stage2.1.add1"), network.node("relu1").from());
    assertEquals("10×4×4", network.shape("relu1").toString());
    assertEquals("4×8×8", network.shape("stage1.3.add1").toString());
    assertEquals(Optional.of("gpu1"), network.node("stage1.2.relu1").device());
    assertEquals(Optional.empty(), network.node("stage2.1.relu1").device());
  }

  @Test
  void whatIsEditedInOneUseStaysWhenTheNumberOfUsesChanges() throws IOException {
    Network network =
        derived(
            """
            edit:
              - replace: {layer: stage1.1.relu1, with: tanh}
              - insert: {after: stage1.2.last, layers: [batch_norm: , conv: {filters: =filters, kernel: 1}]}
              - set: {stage1.times: 4, stage1.1.conv1.kernel: 5, stage1.1.conv1.pad: 2}
              - remove: stage1.4.relu1
            """);
    assertEquals("tanh", network.node("stage1.1.relu1").layer().key());
    assertEquals("relu", network.node("stage1.3.relu1").layer().key());
    assertEquals(Extent.of(5), conv(network, "stage1.1.conv1").kernel());
    assertEquals(Extent.of(3), conv(network, "stage1.4.conv1").kernel());
    assertEquals(List.of("conv1", "stage1.1.add1"), network.node("stage1.2.add1").from());
    assertEquals(4, conv(network, "conv1").filters());
    assertEquals(List.of("stage1.4.conv1"), network.node("stage1.4.last").from());
  }

  @Test
  void anEditOfTheDefinitionIsOneOfEveryUse() throws IOException {
    Network network =
        derived(
            """
            edit:
              - remove: stage1.2.relu1
              - set: {basic.conv1.kernel: 1, basic.conv1.pad: 0, stage1.times: 3}
              - insert: {after: basic.relu1, layers: [lrn: {name: norm}]}
              - move: {layer: basic.relu1, after: basic.norm}
            """);
    for (String use : List.of("stage1.1.", "stage1.3.", "stage2.2.")) {
      assertEquals(Extent.of(1), conv(network, use + "conv1").kernel());
      assertEquals(List.of(use + "conv1"), network.node(use + "norm").from());
      assertEquals(List.of(use + "norm"), network.node(use + "relu1").from());
    }
    assertEquals(List.of("stage1.2.norm"), network.node("stage1.2.last").from());
  }

  @Test
  void blocksAreTypesAndMayUseEachOther() {
    Network network =
        parse(
            """
            blocks:
              inner:
                args: {n: int, half: =n/2}
                layers: [conv: {name: c, filters: =half, kernel: 1}, tanh: {name: t, from: c}]
              outer:
                args: {n: 8}
                layers:
                  - inner: {name: i/, n: =2*n}
                  - repeat: {name: r, block: inner, times: 2, with: {n: =n}, last: {half: 7}}
                  - add: {name: sum, from: [i/, i/t]}
            layers:
              - outer: {name: o, device: gpu0}
              - outer: {name: p_, n: 2, from: input}
              - concat: {name: end, from: [o, p_]}
            """);
    assertEquals(
        List.of(
            "o.i/c", "o.i/t", "o.r.1.c", "o.r.1.t", "o.r.2.c", "o.r.2.t", "o.sum", "p_i/c", "p_i/t",
            "p_r.1.c", "p_r.1.t", "p_r.2.c", "p_r.2.t", "p_sum", "end"),
        names(network));
    assertEquals(8, conv(network, "o.i/c").filters());
    assertEquals(4, conv(network, "o.r.1.c").filters());
    assertEquals(7, conv(network, "o.r.2.c").filters());
    assertEquals(2, conv(network, "p_i/c").filters());
    assertEquals(List.of("o.i/t", "o.i/t"), network.node("o.sum").from());
    assertEquals(List.of("o.sum", "p_sum"), network.node("end").from());
    assertEquals(Optional.of("gpu0"), network.node("o.r.1.c").device());
  }

  @Test
  void branchesSayWhereTheirLayersBelong() {
    Network network =
        parse(
            """
            layers:
              - concat:
                  name: both
                  branches:
                    - {device: gpu0, layers: [relu: {name: a}, tanh: {name: b, device: gpu2}]}
                    - {device: gpu1, layers: [relu: {name: c}]}
            """);
    assertEquals(Optional.of("gpu0"), network.node("a").device());
    assertEquals(Optional.of("gpu2"), network.node("b").device());
    assertEquals(Optional.of("gpu1"), network.node("c").device());
    assertEquals(Optional.empty(), network.node("both").device());
  }

  @Test
  void aShortcutThatCannotBeDecidedIsAMistake() {
    NetworkFileException e =
        assertThrows(
            NetworkFileException.class,
            () ->
                parse(
                    """
                    layers:
                      - relu: {name: a, from: z}
                      - add: {name: s, branches: [[tanh: ], {when_shape_differs: [sigmoid: ]}]}
                      - relu: {name: z, from: input}
                    """));
    assertEquals(
        "net.yaml:5:5: layer 's': whether the shapes differ is not known here, for a layer before it reads one further down",
        e.getMessage().lines().findFirst().orElseThrow());
  }

  @Test
  void blocksDoNotMultiplyBeyondTheLimit() {
    StringBuilder blocks = new StringBuilder("blocks:\n  b0: {layers: [relu]}\n");
    for (int i = 1; i < 12; i++) {
      blocks.append("  b%d: {layers: [repeat: {block: b%d, times: 1000}]}\n".formatted(i, i - 1));
    }
    NetworkFileException e =
        assertThrows(NetworkFileException.class, () -> parse(blocks + "layers: [b11]\n"));
    assertTrue(e.getMessage().contains("there are more than 10000 layers"), e.getMessage());
  }

  private Network derived(String edits) throws IOException {
    Files.writeString(folder.resolve("resnet.yaml"), RESNET);
    Files.writeString(folder.resolve("derived.yaml"), "extends: resnet.yaml\n" + edits);
    return NetworkFile.read(folder.resolve("derived.yaml"));
  }

  private static List<String> names(Network network) {
    return network.nodes().stream().map(Node::name).toList();
  }

  private static Convolution conv(Network network, String name) {
    return (Convolution) network.node(name).layer();
  }

  private static Network parse(String text) {
    return NetworkFile.parse("net.yaml", "network: n\ninput: {shape: [4, 8, 8]}\n" + text);
  }
}
