package org.lamina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in README.md compiles as it stands there, and does what it promises. */
final class ReadmeTest {

  private static final Pattern BLOCK = Pattern.compile("(?s)```java\n(.*?)```");

  @TempDir private Path folder;

  private static List<String> blocks() throws IOException {
    List<String> blocks =
        BLOCK
            .matcher(Files.readString(Path.of("README.md")))
            .results()
            .map((MatchResult match) -> match.group(1))
            .toList();
    assertFalse(blocks.isEmpty(), "no Java in README.md");
    return blocks;
  }

  @Test
  void everyBlockCompiles() throws IOException {
    for (String block : blocks()) {
      assertEquals("", compile(block), () -> "compiling\n" + block);
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
    assertEquals("", compile(block));
    String printed = run();
    assertEquals(5, printed.lines().count(), printed);
    assertTrue(printed.startsWith("class 967 0.99"), printed);
  }

  private static String literal(Path path) {
    return "\"" + path.toAbsolutePath() + "\"";
  }

  /** Compiles statements, with the imports among them first; returns what the compiler says. */
  private String compile(String block) throws IOException {
    String imports = lines(block, true);
    String source =
        imports
            + "\npublic class Snippet { public static void main(String[] args) throws Exception {\n"
            + lines(block, false)
            + "\n}}\n";
    Path file = Files.writeString(folder.resolve("Snippet.java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-Xlint:all,-processing",
              "-proc:none",
              "-d",
              folder.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      compiler.getTask(messages, files, null, options, null, files.getJavaFileObjects(file)).call();
    }
    return messages.toString();
  }

  private static String lines(String block, boolean imports) {
    return block
        .lines()
        .filter(line -> line.startsWith("import ") == imports)
        .collect(Collectors.joining("\n"));
  }

  private String run() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader
          .loadClass("Snippet")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
