package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link NetworkFile#explain}: every file and line that set a value, in order. */
final class ExplanationTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeNetworks() throws IOException {
    write(
        "base.yaml",
        """
        network: base
        input: {shape: [4, 16, 16]}
        let: {groups: 2, twice: =2*groups}
        defaults: {conv: {kernel: 3, groups: =groups}}
        blocks:
          b: {args: {n: 4}, layers: [conv: {name: c, filters: =n*twice}]}
        layers:
          - conv: {name: c1, filters: 8, pad: 1}
          - repeat: {name: s, block: b, times: 2, with: {n: 2}, first: {n: 6}}
        training: {batch: 8}
        """);
    write(
        "derived.yaml",
        """
        extends: base.yaml
        network: derived
        input: {shape: [8, 16, 16]}
        let: {groups: 4}
        edit: [set: {c1.kernel: 1, training.batch: 4}]
        """);
  }

  @Test
  void fieldsOfLayers() {
    assertExplained(
        """
        = 5
        0 defaults kernel: 3 @ base.yaml:4:19
        0 kernel: 1 @ derived.yaml:5:17
        0 kernel: 5 @ --set 1:4
        """,
        "c1.kernel",
        Overrides.NONE.andSet("c1.kernel=5").andSet("c1.pad=2"));
    assertExplained(
        """
        = 2
        0 default groups: 1 @ default
        0 defaults groups: =groups @ base.yaml:4:30
        1 let groups: 2 @ base.yaml:3:7
        1 let groups: 4 @ derived.yaml:4:7
        1 let groups: 2 @ --let 1:1
        """
            .replace("default groups: 1", "groups: 1"),
        "c1.groups",
        Overrides.NONE.andLet("groups=2"));
  }

  @Test
  void fieldsInsideBlocks() {
    assertExplained(
        """
        = 48
        0 filters: =n*twice @ base.yaml:6:46
        1 argument n: 4 @ base.yaml:6:14
        1 n: 6 @ base.yaml:9:65
        1 let twice: =2*groups @ base.yaml:3:18
        2 let groups: 2 @ base.yaml:3:7
        2 let groups: 4 @ derived.yaml:4:7
        """,
        "s.1.c.filters",
        Overrides.NONE);
    assertExplained("= 2\n0 times: 2 @ base.yaml:9:33\n", "s.times", Overrides.NONE);
  }

  @Test
  void whatIsNoLayer() {
    assertExplained(
        """
        = 8
        0 let twice: =2*groups @ base.yaml:3:18
        1 let groups: 2 @ base.yaml:3:7
        1 let groups: 4 @ derived.yaml:4:7
        """,
        "twice",
        Overrides.NONE);
    assertExplained(
        """
        = {shape: [8, 16, 16]}
        0 input: {shape: [4, 16, 16]} @ base.yaml:2:1
        0 input: {shape: [8, 16, 16]} @ derived.yaml:3:1
        """,
        "input",
        Overrides.NONE);
    assertExplained(
        "= 4\n0 batch: 8 @ base.yaml:10:12\n0 batch: 4 @ derived.yaml:5:28\n",
        "training.batch",
        Overrides.NONE);
  }

  @Test
  void whatIsNotThereIsAMistake() {
    assertRefused("derived: nothing is called 'c2.kernel', did you mean 'c1'?", "c2.kernel");
    assertRefused("derived: layer 'c1': conv has no 'kernal', did you mean 'kernel'?", "c1.kernal");
    assertRefused("derived: layer 'c1': nothing sets 'device'", "c1.device");
    assertTrue(
        NetworkFile.explain("alexnet-owt", Overrides.NONE, "conv2.groups").steps().size() >= 4);
  }

  private void assertRefused(String message, String value) {
    String file = folder.resolve("derived.yaml").toString();
    assertEquals(
        message,
        assertThrows(
                NetworkFileException.class, () -> NetworkFile.explain(file, Overrides.NONE, value))
            .getMessage());
  }

  private void assertExplained(String expected, String value, Overrides overrides) {
    Explanation explanation =
        NetworkFile.explain(folder.resolve("derived.yaml").toString(), overrides, value);
    String steps =
        explanation.steps().stream()
            .map(step -> step.depth() + " " + step.text() + " @ " + step.place() + "\n")
            .collect(Collectors.joining());
    assertEquals(
        expected,
        ("= " + explanation.value() + "\n" + steps).replace(folder + java.io.File.separator, ""));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }
}
