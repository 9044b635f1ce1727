package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lamina graph}. */
final class GraphCommandTest {

  @TempDir private Path folder;

  private String file(String name, Object... more) throws IOException {
    Path file = folder.resolve(name);
    Object[] args = {"graph", "lenet", "-o", file};
    Object[] all = Stream.of(args, more).flatMap(Arrays::stream).toArray();
    assertEquals("", Outcome.of(all).succeeded().out());
    return Files.readString(file);
  }

  @Test
  void theFormatIsThatOfTheOptionOrOfTheFile() throws IOException {
    String svg = Outcome.of("graph", "lenet").succeeded().out();
    assertTrue(svg.startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" "), svg);
    assertEquals(svg, file("a.svg"));
    assertTrue(file("a.dot").startsWith("digraph \"lenet\" {\n"));
    assertEquals(file("a.gv"), file("b.svg", "--format", "dot"));
    assertTrue(file("a.mmd").startsWith("flowchart TB\n"));
    assertEquals(file("a.mmd"), Outcome.of("graph", "lenet", "--format", "mermaid").out());
  }

  @Test
  void badArgumentsAreTold() {
    Outcome.of("graph", "lenet", "--format", "png")
        .failed(ExitCode.USAGE, "must be svg, dot or mermaid, but is 'png'");
    Outcome.of("graph", "lenet", "-o", folder.resolve("none/a.svg"))
        .failed(ExitCode.DATA, "none/a.svg");
  }
}
