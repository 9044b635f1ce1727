package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.Overrides;

/** {@code lamina lint}. */
final class LintCommandTest {

  @Test
  void theTextIsExactlyThis() {
    assertEquals(
        """
        ip2  linear-pair
          nothing but linear layers lies between 'ip1' and it: together they can do no more than one
          → put a relu after 'ip1'

        1 thing found in the 12 layers of cifar10-quick
        """,
        Outcome.of("lint", "cifar10-quick").succeeded().out());
    assertEquals(
        "nothing found in the 8 layers of lenet\n", Outcome.of("lint", "lenet").succeeded().out());
  }

  @Test
  void theJsonIsExactlyThis() {
    assertEquals(
        """
        {"network":"cifar10-quick","findings":[{"layer":"ip2","rule":"linear-pair",\
        "why":"nothing but linear layers lies between 'ip1' and it: together they can do no more than one",\
        "remedy":"put a relu after 'ip1'"}]}""",
        Outcome.of("lint", "cifar10-quick", "--json").succeeded().json().toString());
  }

  @Test
  void variablesThatNothingUsesAreFound(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("n.yaml");
    Files.writeString(
        file,
        """
        network: n
        let: {classes: 10, half: =classes/2, depth: 3}
        input: {shape: [1, 4, 4]}
        layers:
          - fc: {name: fc, units: =half}
          - softmax: {name: prob}
        """);
    assertEquals(
        """
        let.depth  unused-variable
          nothing uses the variable 'depth'
          → remove it, or use it as =depth

        1 thing found in the 2 layers of n
        """,
        Outcome.of("lint", file.toString()).succeeded().out());
  }

  @Test
  void noShippedNetworkHasVariablesThatNothingUses() {
    for (String name : NetworkFile.shipped()) {
      assertEquals(List.of(), NetworkFile.unusedVariables(name, Overrides.NONE), name);
    }
  }

  @Test
  void strictFailsWhereSomethingIsFound() {
    assertEquals(ExitCode.FAILED, Outcome.of("lint", "cifar10-quick", "--strict").code());
    Outcome.of("lint", "lenet", "--strict").succeeded();
  }
}
