package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.Add;
import org.lamina.layer.Convolution;
import org.lamina.layer.Relu;
import org.lamina.network.Draft;
import org.lamina.network.Layers;
import org.lamina.network.Network;
import org.lamina.network.NetworkEdits;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.tensor.Chw;

/** Edits in Java do what the same edits do in YAML. */
final class NetworkEditsTest {

  private static final String BASE =
      """
      network: base
      input: {shape: [4, 16, 16]}
      layers:
        - conv:   {name: c1, filters: 4, kernel: 1}
        - relu:   {name: relu1}
        - concat:
            name: join
            branches:
              - [conv: {name: l1, filters: 4, kernel: 1}, relu: {name: l2}]
              - [conv: {name: r1, filters: 4, kernel: 1}, relu: {name: r2}]
        - conv:   {name: c2, filters: 8, kernel: 1, groups: 2}
        - tanh:   {name: t}
        - add:    {name: sum, from: [c2, join, t]}
        - tanh:   {name: last}
      """;

  @TempDir private Path folder;

  private static Stream<Arguments> edits() {
    return Stream.of(
        same("  - set: {c1.kernel: 3, c1.pad: 1}", e -> e.set("c1.kernel", 3).set("c1.pad", 1)),
        same(
            "  - set: {c2.filters: 9}\n  - set: {c2.groups: 1, sum.from: [c2, c2]}",
            e -> e.set("c2.filters", 9).set("c2.groups", 1).set("sum.from", List.of("c2", "c2"))),
        same(
            "  - set: {c1.device: gpu1, last.from: c1}",
            e -> e.set("c1.device", "gpu1").set("last.from", "c1")),
        same("  - remove: [relu1, l1, r2]", e -> e.remove("relu1", "l1", "r2")),
        same(
            "  - insert: {before: r1, layers: [sigmoid: , lrn: {name: n}]}",
            e -> e.insertBefore("r1", Draft.of(Layers.of("sigmoid")), Draft.of("n", lrn()))),
        same(
            "  - insert: {after: l2, layers: [relu: ]}\n  - remove: relu2",
            e -> e.insertAfter("l2", Draft.of(new Relu())).remove("relu2")),
        same(
            """
              - insert:
                  after: relu1
                  layers: [add: {name: res, branches: [[relu: {name: in}], []]}]
              - set: {in.device: gpu0}
            """,
            e ->
                e.insertAfter(
                        "relu1",
                        Draft.of("res", new Add())
                            .branches(List.of(Draft.of("in", new Relu())), List.of()))
                    .set("in.device", "gpu0")),
        same(
            "  - replace: {layer: relu1, with: {leaky_relu: {slope: 0.3}}}",
            e -> e.replace("relu1", Layers.of("leaky_relu", Map.of("slope", 0.3)))),
        same(
            "  - replace: {layer: sum, with: {concat: }}",
            e -> e.replace("sum", Layers.of("concat"))),
        same(
            "  - replace: {layer: last, with: {relu: {name: end}}}",
            e -> e.replace("last", Draft.of("end", new Relu()))),
        same("  - move: {layer: relu1, after: join}", e -> e.moveAfter("relu1", "join")),
        same("  - move: {layer: l2, before: r1}", e -> e.moveBefore("l2", "r1")),
        same("  - move: {layer: join, before: c1}", e -> e.moveBefore("join", "c1")));
  }

  private static Arguments same(String yaml, UnaryOperator<NetworkEdits> java) {
    return Arguments.of(yaml, java);
  }

  private static org.lamina.layer.Layer lrn() {
    return Layers.of("lrn");
  }

  private static Network base() {
    return NetworkFile.parse("base.yaml", BASE);
  }

  @ParameterizedTest
  @MethodSource("edits")
  void anEditDoesTheSame(String yaml, UnaryOperator<NetworkEdits> java) throws IOException {
    Files.writeString(folder.resolve("base.yaml"), BASE);
    Path file = folder.resolve("derived.yaml");
    Files.writeString(file, "extends: base.yaml\nnetwork: derived\nedit:\n" + yaml + "\n");
    assertEquals(NetworkFile.read(file), java.apply(base().edit().named("derived")).build());
  }

  private static Stream<Arguments> mistakes() {
    return Stream.of(
        same("there is no layer 'c3' to edit, did you mean 'c1'?", e -> e.set("c3.pad", 1)),
        same("layer 'c1': conv has no 'padd', did you mean 'pad'?", e -> e.set("c1.padd", 1)),
        same(
            "layer 'c1': pad must be at least 0 on every side, but is -1",
            e -> e.set("c1.pad", -1)),
        same(
            "layer 'c1': kernel must be one number or [height, width], but is 'big'",
            e -> e.set("c1.kernel", "big")),
        same(
            "set wants a layer and one of its fields, such as conv1.filters, but this is 'filters'",
            e -> e.set("filters", 1)),
        same(
            "layer 'c1': a layer cannot be renamed: its weights and 'from' go by its name",
            e -> e.set("c1.name", "d")),
        same(
            "layer 'join': branches cannot be set; edit the layers in them or replace the layer",
            e -> e.set("join.branches", List.of())),
        same(
            "layer 't': from must name a layer, but is an empty list",
            e -> e.set("t.from", List.of())),
        same("layer 't': device must be a name, but is 7", e -> e.set("t.device", 7)),
        same(
            "there is no layer 'relu1' to edit; 'relu1' was removed by an edit",
            e -> e.remove("relu1").remove("relu1")),
        same(
            "layer 'sum': there is no layer or input 'c2'; 'c2' was removed by an edit",
            e -> e.remove("c2")),
        same(
            "the name 'c1' is that of another layer",
            e -> e.insertAfter("t", Draft.of("c1", new Relu()))),
        same("'join' cannot be moved next to itself", e -> e.moveAfter("join", "l1")),
        same(
            "moving 'sum' would change nothing, because it says what it reads; set sum.from instead",
            e -> e.moveAfter("sum", "t")),
        same("there is no input 'data'; there are input", e -> e.input("data", 3, 8, 8)),
        same(
            "layer 'c2': 'groups' must divide the filters, but 7 filters are not divisible by 2",
            e -> e.set("c2.filters", 7)));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsSaid(String message, UnaryOperator<NetworkEdits> java) {
    NetworkEdits edits = base().edit();
    NetworkException e = assertThrows(NetworkException.class, () -> java.apply(edits).build());
    assertEquals(message, e.getMessage());
  }

  @Test
  void nameInputAndPreprocessingCanBeChanged() {
    Network network =
        base().edit().named("n").input("input", 2, 8, 8).preprocess(new Resize(8, 8)).build();
    assertEquals("n", network.name());
    assertEquals(Map.of("input", new Chw(2, 8, 8)), network.inputs());
    assertEquals(new Preprocessing(List.of(new Resize(8, 8))), network.preprocessing());
    assertEquals(new Chw(8, 8, 8), network.shape("sum"));
  }

  @Test
  void withoutEditsNothingChanges() {
    for (String name : NetworkFile.shipped()) {
      assertEquals(NetworkFile.find(name), NetworkFile.find(name).edit().build());
    }
  }

  @Test
  void aFailedEditLeavesEverythingAsItWas() {
    NetworkEdits edits = base().edit();
    assertThrows(
        NetworkException.class, () -> edits.replace("t", Draft.of("c1", Convolution.of(1, 1))));
    assertEquals(base(), edits.build());
  }
}
