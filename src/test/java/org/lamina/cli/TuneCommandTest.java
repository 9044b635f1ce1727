package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lamina tune}, and what {@code lamina time} says afterwards. */
final class TuneCommandTest {

  @TempDir private Path folder;

  private Path network() throws IOException {
    return Files.writeString(
        folder.resolve("tuned.yaml"),
        """
        network: tuned
        input: {shape: [16, 10, 11]}
        layers:
          - conv: {name: conv1, filters: 16, kernel: 3, pad: 1}
          - relu:
          - conv: {name: conv2, filters: 16, kernel: 3, pad: 1}
        """);
  }

  @Test
  void whatIsMeasuredIsUsed() throws IOException {
    Path file = network();
    Path exported = folder.resolve("exported.txt");
    Outcome tuned =
        Outcome.of("tune", file, "--batch", 3, "--device", "cpu", "--export", exported, "--json")
            .succeeded();
    JsonNode row = tuned.json().get("measured").get(0);
    assertEquals("[\"conv1\",\"conv2\"]", row.get("layers").toString());
    assertTrue(row.get("milliseconds").size() >= 2, row::toString);
    assertEquals(0, row.get("refused").size(), row::toString);
    String after = row.get("after").textValue();
    assertTrue(Files.readString(exported).contains("conv 16 of 3×3"), "exported");
    if (tuned.json().get("file").textValue().isEmpty()) {
      assertTrue(tuned.err().contains("cannot be kept"), tuned.err());
      return; // the machine's cache folder cannot be written
    }
    JsonNode timed =
        Outcome.of("time", file, "--batch", 3, "--device", "cpu", "--runs", 1, "--json")
            .succeeded()
            .json();
    for (JsonNode layer : timed.get("layers")) {
      if (layer.get("type").textValue().equals("conv")) {
        assertEquals("measured", layer.get("basis").textValue(), layer::toString);
        assertEquals(after, layer.get("algorithm").textValue());
      }
    }
  }

  @Test
  void aTableSaysWhatChanges() throws IOException {
    Outcome outcome = Outcome.of("tune", network(), "--device", "cpu", "--quick").succeeded();
    for (String text : new String[] {"layers", "before", "now", "conv1 and 1 like it"}) {
      assertTrue(outcome.out().contains(text), outcome.out());
    }
  }

  @Test
  void wrongUsageIsExplained() throws IOException {
    Outcome.of("tune", network(), "--quick", "--thorough")
        .failed(ExitCode.USAGE, "--quick and --thorough exclude each other");
    Outcome.of("tune", folder.resolve("none.yaml")).failed(ExitCode.USAGE, "none.yaml");
    Outcome.of("tune", network(), "--device", "no such device").failed(ExitCode.DEVICE);
  }
}
