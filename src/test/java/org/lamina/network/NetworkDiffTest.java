package org.lamina.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.lamina.network.NetworkDiff.FieldChange;
import org.lamina.network.NetworkDiff.LayerChange;
import org.lamina.yaml.NetworkFile;

/** What makes one network another. */
final class NetworkDiffTest {

  private static final String HEAD = "network: n\ninput: {shape: [4, 9, 9]}\nlayers:\n";

  private static String diff(String before, String after) {
    return text(
        NetworkDiff.of(
            NetworkFile.parse("a.yaml", HEAD + before), NetworkFile.parse("b.yaml", HEAD + after)));
  }

  private static String text(NetworkDiff diff) {
    List<String> lines =
        diff.layers().stream()
            .map(change -> change.kind() + " " + change.name() + fields(change))
            .toList();
    return String.join("\n", lines);
  }

  private static String fields(LayerChange change) {
    return change.fields().stream().map(NetworkDiffTest::field).collect(Collectors.joining());
  }

  private static String field(FieldChange field) {
    return ", %s %s→%s"
        .formatted(field.field(), field.before().orElse(""), field.after().orElse(""));
  }

  @Test
  void aNetworkIsItself() {
    Network alexnet = NetworkFile.find("alexnet");
    assertTrue(NetworkDiff.of(alexnet, alexnet).isEmpty());
  }

  @Test
  void layersComeGoAndMove() {
    assertEquals(
        """
        moved c
        removed b
        added e""",
        diff(
            "  [relu: {name: a}, tanh: {name: b}, relu: {name: c}, relu: {name: d}]",
            "  [relu: {name: c}, relu: {name: a}, relu: {name: d}, relu: {name: e}]"));
  }

  @Test
  void theFewestLayersAreMoved() {
    assertEquals(
        "moved a",
        diff(
            "  [relu: {name: a}, relu: {name: b}, relu: {name: c}, relu: {name: d}]",
            "  [relu: {name: b}, relu: {name: c}, relu: {name: d}, relu: {name: a}]"));
  }

  @Test
  void aTypeBringsItsFields() {
    assertEquals(
        "changed a, type relu→leaky_relu, slope →0.1",
        diff("  [relu: {name: a}]", "  [leaky_relu: {name: a, slope: 0.1}]"));
  }

  @Test
  void everyKindOfValueIsWrittenAsInYaml() {
    assertEquals(
        "changed a, kernel 3→[1, 3], pad 1→[0, 1], bias true→false,"
            + " init {kaiming: {mode: fan_in}}→{normal: {mean: 0, std: 0.5}}, bias_init 0→1,"
            + " parameters 148→48, macs 11664→3888",
        diff(
            "  [conv: {name: a, filters: 4, kernel: 3, pad: 1}]",
            "  [conv: {name: a, filters: 4, kernel: [1, 3], pad: [0, 1], bias: false,"
                + " init: {normal: {std: 0.5}}, bias_init: 1}]"));
  }

  @Test
  void fromCountsOnlyOutsideOfChains() {
    String chain = "  [relu: {name: a}, tanh: {name: b}, relu: {name: c}, relu: {name: d}]";
    assertEquals("removed b", diff(chain, chain.replace("tanh: {name: b}, ", "")));
    assertEquals(
        "changed d, from c→a", diff(chain, chain.replace("{name: d}", "{name: d, from: a}")));
  }

  @Test
  void inputsAndPreparationAreCompared() {
    Network before = NetworkFile.parse("a.yaml", HEAD + "  [global_avg_pool: {name: a}]");
    Network after =
        NetworkFile.parse(
            "b.yaml",
            """
            network: other
            input: {shape: [4, 8, 8]}
            preprocess: [{scale: 0.5}]
            layers: [global_avg_pool: {name: a}]
            """);
    NetworkDiff diff = NetworkDiff.of(before, after);
    assertEquals(List.of(), diff.layers());
    assertEquals(
        "input input 4×9×9→4×8×8, preprocess []→[{scale: {factor: 0.5}}]",
        diff.head().stream()
            .map(NetworkDiffTest::field)
            .collect(Collectors.joining())
            .substring(2));
  }

  @Test
  void theTrainingIsComparedLeafByLeaf() {
    String recipe = "training: {epochs: %d, optimizer: {momentum: 0.9, rate: %s}}\nloss: %s\n";
    String text = HEAD + "  [fc: {name: a, units: 2}]\n";
    NetworkDiff diff =
        NetworkDiff.of(
            NetworkFile.parse("a.yaml", text + recipe.formatted(90, "0.01", "a_loss")),
            NetworkFile.parse("b.yaml", text + recipe.formatted(90, "0.1", "b_loss")));
    assertEquals(
        ", loss a_loss→b_loss, training.optimizer.rate 0.01→0.1",
        diff.head().stream().map(NetworkDiffTest::field).collect(Collectors.joining()));
  }

  @Test
  void oneTowerHasTheseDifferences() {
    NetworkDiff diff =
        NetworkDiff.of(NetworkFile.find("alexnet"), NetworkFile.find("alexnet-one-tower"));
    assertEquals(
        """
        removed norm1
        changed conv2, groups 2→1, parameters 307456→614656, macs 223948800→447897600
        removed norm2
        changed conv4, groups 2→1, parameters 663936→1327488, macs 112140288→224280576
        changed conv5, groups 2→1, parameters 442624→884992, macs 74760192→149520384
        moved drop6, output 4096×1×1→256×6×6
        moved drop7""",
        text(diff));
    assertEquals(1_413_120, diff.parameters());
    assertEquals(410_849_280, diff.macs());
  }
}
