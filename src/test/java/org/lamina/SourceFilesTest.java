package org.lamina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files stay short enough to be read in one go. */
final class SourceFilesTest {
  private static final int MAX_LINES = 300;
  private static final Pattern REASON =
      Pattern.compile("(//|\\*) Longer than " + MAX_LINES + " lines because \\w+");

  @Test
  void aLongFileSaysWhy() throws IOException {
    List<Path> files = sources();
    assertFalse(files.isEmpty(), "no source files under " + Path.of("").toAbsolutePath());
    List<String> tooLong = new ArrayList<>();
    for (Path file : files) {
      String text = Files.readString(file);
      long lines = text.lines().count();
      if (lines > MAX_LINES && !REASON.matcher(text).find()) {
        tooLong.add(
            file + ": " + lines + " lines and no 'Longer than " + MAX_LINES + " lines because …'");
      }
    }
    assertEquals(List.of(), tooLong);
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    for (String folder : List.of("src", "opencl", "benchmarks/src")) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        all.filter(f -> f.toString().matches(".*\\.(java|cl|clh)")).sorted().forEach(found::add);
      }
    }
    return found;
  }
}
