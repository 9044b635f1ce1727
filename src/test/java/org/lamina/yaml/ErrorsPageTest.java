package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/errors.md} shows the gallery of wrong files. To make it again: {@code mvn test
 * -Dtest=ErrorsPageTest -Dlamina.write=true}.
 */
final class ErrorsPageTest {

  private static final Path PAGE = Path.of("docs", "errors.md");

  @Test
  void thePageIsTheGallery() throws IOException {
    String page = page();
    if (Boolean.getBoolean("lamina.write")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(
        page,
        Files.readString(PAGE),
        "make it again with mvn test -Dtest=ErrorsPageTest -Dlamina.write=true");
  }

  private static String page() throws IOException {
    StringBuilder page =
        new StringBuilder(
            """
            # Mistakes and what is said about them

            All mistakes of a network are reported at once, each with file, line, column, the line and a caret. Where layers do not fit
            by their shapes, the lines below say how the shapes came about. Tests hold the messages to the letter; this page is made of
            them. Each file is `net.yaml` unless a comment says otherwise.
            """);
    for (NetworkFileErrorsTest.Case wrong : NetworkFileErrorsTest.cases()) {
      String title = wrong.title().substring(0, 1).toUpperCase(java.util.Locale.ROOT);
      page.append("\n## ").append(title).append(wrong.title().substring(1)).append("\n\n");
      code(page, wrong.files().replaceAll("(?m)^@@ ", "# "));
      page.append("\ngives\n\n");
      code(page, wrong.message());
    }
    return page.toString();
  }

  /** Indented, so that nothing in it can end it. */
  private static void code(StringBuilder page, String text) {
    text.stripTrailing()
        .lines()
        .forEach(line -> page.append(line.isBlank() ? "" : "    " + line).append('\n'));
    page.append(text.isBlank() ? "    (empty)\n" : "");
  }
}
