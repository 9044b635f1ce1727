package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lamina completion}, as bash understands it. */
final class CompletionCommandTest {

  @TempDir private Path folder;

  @Test
  void bashCompletesCommands() throws Exception {
    assertEquals(List.of("classify", "convert", "completion"), completed("lamina", "c"));
  }

  @Test
  void bashCompletesOptions() throws Exception {
    assertEquals(
        List.of("--batch", "--device"), // in the order of the script, which is its own
        completed("lamina", "time", "--").stream()
            .filter(word -> word.equals("--batch") || word.equals("--device"))
            .sorted()
            .toList());
  }

  private List<String> completed(String... words) throws IOException, InterruptedException {
    Path bash = Path.of("/bin/bash");
    Assumptions.assumeTrue(Files.isExecutable(bash), "there is no bash here");
    Path script =
        Files.writeString(folder.resolve("completion"), Outcome.of("completion").succeeded().out());
    String ask =
        """
        source '%s' || exit 9
        COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
        declare -F _complete_lamina > /dev/null || exit 8
        _complete_lamina
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(script, String.join(" ", words), words.length - 1);
    Process process =
        new ProcessBuilder(bash.toString(), "-c", ask).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), out);
    return out.lines().map(String::strip).toList();
  }
}
