package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lamina diff}. */
final class DiffCommandTest {

  @TempDir private Path folder;
  private Path small;
  private Path other;

  @BeforeEach
  void writeNetworks() throws IOException {
    small = SmallNetwork.in(folder).file();
    String text =
        Files.readString(small)
            .replace("network: small", "network: other")
            .replace("filters: 4", "filters: 8")
            .replace("  - relu: {name: relu1}\n", "");
    other = Files.writeString(folder.resolve("other.yaml"), text);
  }

  @Test
  void theTextIsExactlyThis() {
    Outcome outcome = Outcome.of("diff", small, other);
    assertEquals(ExitCode.FAILED, outcome.code());
    assertEquals("", outcome.err());
    assertEquals(
        """
        small → other

        ~ conv1  filters 4 → 8, output 4×8×8 → 8×8×8, parameters 112 → 224, macs 6,912 → 13,824
        - relu1  relu 4×8×8
        ~ pool1  output 4×4×4 → 8×4×4
        ~ fc1    parameters 195 → 387, macs 192 → 384

                    before   after  difference
        layers           5       4          -1
        parameters     307     611        +304
        MACs         7,104  14,208      +7,104
        """,
        outcome.out());
  }

  @Test
  void theJsonIsExactlyThis() {
    assertEquals(
        """
        {"differ":true,\
        "before":{"network":"small","layers":5,"parameters":307,"macs":7104},\
        "after":{"network":"other","layers":4,"parameters":611,"macs":14208},\
        "head":[],"layers":[\
        {"name":"conv1","type":"conv","change":"changed","fields":[\
        {"field":"filters","before":"4","after":"8"},\
        {"field":"output","before":"4×8×8","after":"8×8×8"},\
        {"field":"parameters","before":"112","after":"224"},\
        {"field":"macs","before":"6912","after":"13824"}]},\
        {"name":"relu1","type":"relu","change":"removed","fields":[]},\
        {"name":"pool1","type":"max_pool","change":"changed","fields":[\
        {"field":"output","before":"4×4×4","after":"8×4×4"}]},\
        {"name":"fc1","type":"fc","change":"changed","fields":[\
        {"field":"parameters","before":"195","after":"387"},\
        {"field":"macs","before":"192","after":"384"}]}]}""",
        Outcome.of("diff", small, other, "--json").json().toString());
  }

  @Test
  void letAndSetChangeTheSecondAlone() {
    Outcome outcome =
        Outcome.of(
            "diff", "lenet", "lenet", "--let", "classes=5", "--set", "conv1.filters=10", "--json");
    assertEquals(
        "{\"field\":\"filters\",\"before\":\"20\",\"after\":\"10\"}",
        outcome.json().at("/layers/0/fields/0").toString());
    assertEquals(
        "[\"conv1\",\"pool1\",\"conv2\",\"ip2\",\"prob\"]",
        outcome.json().get("layers").findValues("name").toString().replace(" ", ""));
  }

  @Test
  void theSameIsNoDifferenceAndErrorsAreTwo() {
    Outcome same = Outcome.of("diff", small, small).succeeded();
    assertEquals("small → small\n\nno difference\n", same.out());
    assertEquals(
        "false",
        Outcome.of("diff", "lenet", "lenet", "--json").succeeded().json().get("differ").toString());
    Outcome.of("diff", small, "lenet2").failed(ExitCode.USAGE, "did you mean 'lenet'?");
    Outcome.of("diff", small).failed(ExitCode.USAGE, "B");
  }
}
