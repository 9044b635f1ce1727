package org.lamina.formats.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.lamina.TestData;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;

/**
 * ONNX's own backend tests, imported and run. {@code -Dlamina.onnx=FOLDER} takes those of another
 * folder and prints which are refused; {@code -Dlamina.refresh} writes the page.
 */
final class OnnxBackendTest {

  private static final Path PAGE = Path.of("docs", "onnx-backend-tests.md");

  @Test
  void allPassButThoseOfThePage() throws IOException {
    String other = System.getProperty("lamina.onnx", "");
    List<BackendCase> cases =
        BackendCase.in(other.isEmpty() ? TestData.file("layers/onnx") : Path.of(other));
    Map<String, String> refused = new TreeMap<>();
    List<String> failed = new ArrayList<>();
    try (Session session = Session.open(Device.best())) {
      for (BackendCase one : cases) {
        try {
          one.run(session).ifPresent(reason -> refused.put(one.name(), reason));
        } catch (RuntimeException | AssertionError e) {
          failed.add(one.name() + ": " + e);
        }
      }
    }
    assertEquals(List.of(), failed);
    if (!other.isEmpty()) {
      refused.forEach((name, reason) -> System.out.println(name + ": " + reason));
      return;
    }
    assertEquals(140, cases.size());
    String page = page(refused);
    if (System.getProperty("lamina.refresh") != null) {
      Files.writeString(PAGE, page);
    }
    assertEquals(Files.readString(PAGE), page, "refresh with -Dlamina.refresh");
    assertTrue(refused.size() <= 2, refused::toString);
  }

  private static String page(Map<String, String> refused) {
    StringBuilder page = new StringBuilder();
    page.append("# ONNX backend tests\n\n");
    page.append("Of 140 tests of ONNX 1.17 that Lamina is tried with, ")
        .append(140 - refused.size())
        .append(" run and give the expected numbers\n")
        .append(
            "(1e-5 relative + 1e-6 absolute). The others are refused when they are imported:\n\n")
        .append("| test | why |\n|---|---|\n");
    refused.forEach(
        (name, reason) -> page.append("| `%s` | %s |%n".formatted(name, reason).replace("\r", "")));
    page.append("\nMade by `OnnxBackendTest`. To try another folder of such tests:\n\n")
        .append("    mvn -q test -Dtest=OnnxBackendTest -Dlamina.onnx=FOLDER\n");
    return page.toString();
  }
}
