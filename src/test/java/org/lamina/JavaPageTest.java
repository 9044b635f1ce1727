package org.lamina;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/java.md: every block of Java compiles and runs, and prints what the page says it does. */
final class JavaPageTest {

  private static final Path PAGE = Path.of("docs", "java.md");

  @TempDir private Path folder;

  /** Blocks follow each other in one program, as they are read. */
  @Test
  void thePageDoesWhatItSays() throws Exception {
    List<String> blocks = Snippets.blocks(PAGE, "java");
    Snippets snippets = new Snippets(folder);
    String program = String.join("", blocks);
    assertEquals("", snippets.compile(program), () -> "compiling\n" + program);
    assertEquals(String.join("", printed()), snippets.run());
  }

  private static List<String> printed() throws IOException {
    return Snippets.blocks(PAGE, "(?:yaml|text)");
  }
}
