package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Files of the project that are made from its code, and are kept because people read them. */
final class Generated {

  private static final String REFRESH = "lamina.refresh";

  private Generated() {}

  /**
   * Fails if a file is not what the code would make of it now; with {@code -Dlamina.refresh} writes
   * it instead.
   */
  static void requireUpToDate(Path file, String wanted, Class<?> test) throws IOException {
    if (System.getProperty(REFRESH) != null) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, wanted);
      return;
    }
    List<String> found = Files.exists(file) ? Files.readAllLines(file) : List.of();
    List<String> lines = wanted.lines().toList();
    int line = 0;
    while (line < found.size() && line < lines.size() && found.get(line).equals(lines.get(line))) {
      line++;
    }
    assertTrue(
        line == found.size() && line == lines.size(),
        "%s is out of date from line %d on; refresh it with: mvn -q test -Dtest=%s -D%s"
            .formatted(file, line + 1, test.getSimpleName(), REFRESH));
  }
}
