package org.lamina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything public has a docstring, and declared exceptions are in it.
 *
 * <p>The build itself checks the docstrings that are there (references, HTML, syntax). Of what may
 * be missing the compiler's own lint knows no middle way, so its findings are sorted here: an
 * obvious {@code @param} or {@code @return} may be left out, a comment may not.
 */
final class PublicApiTest {
  @TempDir private Path output;

  @Test
  void everythingPublicIsDocumented() throws IOException {
    assertEquals(List.of(), missing(Path.of("src/main/java")));
  }

  @Test
  void aMissingCommentIsFound() throws IOException {
    Path source = Files.createDirectory(output.resolve("bad")).resolve("Bad.java");
    Files.writeString(source, "public interface Bad {\n  void undocumented();\n}\n");
    List<String> found = missing(source.getParent());
    assertEquals(2, found.size(), found::toString);
    assertTrue(found.get(1).endsWith("Bad.java:2: no comment"), found::toString);
  }

  private List<String> missing(Path sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> findings = new DiagnosticCollector<>();
    List<String> options =
        List.of(
            "--release=17",
            "-proc:none",
            "-Xdoclint:missing/protected",
            "-Xmaxwarns",
            "100000",
            "-d",
            output.toString());
    try (Stream<Path> files = Files.walk(sources);
        StandardJavaFileManager manager =
            compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      List<Path> java = files.filter(f -> f.toString().endsWith(".java")).sorted().toList();
      StringWriter rest = new StringWriter();
      boolean compiled =
          compiler
              .getTask(
                  rest, manager, findings, options, null, manager.getJavaFileObjectsFromPaths(java))
              .call();
      assertTrue(compiled, () -> rest + findings.getDiagnostics().toString());
    }
    return findings.getDiagnostics().stream()
        .filter(f -> isMissing(f.getMessage(Locale.ROOT)))
        .map(PublicApiTest::place)
        .toList();
  }

  private static boolean isMissing(String message) {
    return message.equals("no comment") || message.startsWith("no @throws");
  }

  private static String place(Diagnostic<? extends JavaFileObject> finding) {
    return finding.getSource().getName()
        + ":"
        + finding.getLineNumber()
        + ": "
        + finding.getMessage(Locale.ROOT);
  }
}
