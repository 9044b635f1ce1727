package org.lamina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in README.md compiles as it stands there, and does what it promises. */
final class ReadmeTest {

  @TempDir private Path folder;

  private static List<String> blocks() throws IOException {
    return Snippets.blocks(Path.of("README.md"), "java");
  }

  @Test
  void everyBlockCompiles() throws IOException {
    for (String block : blocks()) {
      assertEquals("", new Snippets(folder).compile(block), () -> "compiling\n" + block);
    }
  }

  @Test
  void theFirstBlockNamesTheEspresso() throws Exception {
    String block =
        blocks()
            .get(0)
            .replace(
                "\"squeezenet-1.0.safetensors\"",
                literal(TestData.file("models/squeezenet-1.0.safetensors")))
            .replace("\"espresso.jpg\"", literal(TestData.file("images/espresso.jpg")));
    Snippets snippets = new Snippets(folder);
    assertEquals("", snippets.compile(block));
    String printed = snippets.run();
    assertEquals(5, printed.lines().count(), printed);
    assertTrue(printed.startsWith("class 967 0.99"), printed);
  }

  private static String literal(Path path) {
    return "\"" + path.toAbsolutePath() + "\"";
  }
}
