package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gallery of wrong files and exactly what is said about them: {@code wrong-networks.txt}. A case
 * is a title, a file {@code net.yaml}, perhaps further files that begin with {@code @@ name}, and
 * after {@code >>>} the message.
 */
final class NetworkFileErrorsTest {

  record Case(String title, String files, String message) {}

  @TempDir private static Path temporary;

  @TestFactory
  Stream<DynamicTest> everyMistakeIsExplainedExactly() throws IOException {
    return cases().stream()
        .map(
            wrong ->
                dynamicTest(wrong.title(), () -> assertEquals(wrong.message(), message(wrong))));
  }

  @Test
  void theGalleryIsLarge() throws IOException {
    assertTrue(cases().size() >= 100, "only " + cases().size() + " cases");
  }

  static List<Case> cases() throws IOException {
    try (InputStream in = NetworkFileErrorsTest.class.getResourceAsStream("wrong-networks.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<Case> cases = new ArrayList<>();
      for (String part : text.split("(?m)^=== ")) {
        if (!part.isEmpty()) {
          String[] parts = part.split("(?m)^>>>\n", 2);
          int end = parts[0].indexOf('\n');
          cases.add(
              new Case(
                  parts[0].substring(0, end),
                  parts[0].substring(end + 1),
                  parts[1].stripTrailing()));
        }
      }
      return cases;
    }
  }

  private static String message(Case wrong) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "case");
    for (String file : ("net.yaml\n" + wrong.files()).split("(?m)^@@ ")) {
      int end = file.indexOf('\n');
      Files.writeString(folder.resolve(file.substring(0, end)), file.substring(end + 1));
    }
    NetworkFileException e =
        assertThrows(
            NetworkFileException.class, () -> NetworkFile.read(folder.resolve("net.yaml")));
    return e.getMessage().replace(folder + java.io.File.separator, "").stripTrailing();
  }
}
