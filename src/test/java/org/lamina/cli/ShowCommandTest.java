package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.yaml.NetworkFile;

/** {@code lamina show}. */
final class ShowCommandTest {

  @TempDir private Path folder;

  @Test
  void theTextIsExactlyThis() throws IOException {
    assertEquals(
        """
        network: small
        inputs:
          data: {shape: [3, 8, 8]}
        preprocess:
          - resize: 8
          - scale: 0.00392156862745098
        layers:
          - conv:     {name: conv1, filters: 4, kernel: 3, pad: 1}
          - relu:     {name: relu1}
          - max_pool: {name: pool1, kernel: 2, stride: 2}
          - fc:       {name: fc1, units: 3}
          - softmax:  {name: prob}
        """,
        Outcome.of("show", SmallNetwork.in(folder).file()).succeeded().out());
  }

  @Test
  void whatIsShownCanBeUsedAndShownAgain() throws IOException {
    String shown = Outcome.of("show", "squeezenet-1.1").succeeded().out();
    Path file = Files.writeString(folder.resolve("shown.yaml"), shown);
    assertEquals(NetworkFile.find("squeezenet-1.1"), NetworkFile.read(file));
    assertEquals(shown, Outcome.of("show", file).succeeded().out());
  }

  @Test
  void whatTheCommandLineChangesIsShown() throws IOException {
    Path file = SmallNetwork.in(folder).file();
    String shown = Outcome.of("show", file, "--set", "conv1.kernel=[3, 5]").succeeded().out();
    assertTrue(shown.contains("{name: conv1, filters: 4, kernel: [3, 5], pad: 1}"), shown);
    shown = Outcome.of("show", "alexnet", "--let", "width=0.5").succeeded().out();
    assertTrue(shown.contains("{name: conv1, filters: 48, kernel: 11, stride: 4"), shown);
  }

  @Test
  void anUnknownNetworkIsAMistake() {
    Outcome.of("show", "alexnte").failed(ExitCode.USAGE, "did you mean 'alexnet'?");
  }
}
