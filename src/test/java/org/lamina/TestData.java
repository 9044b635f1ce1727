package org.lamina;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Finds files that other software made, in a folder beside the project. */
public final class TestData {

  private static final Path FOLDER = Path.of("..", "shared", "data");

  private TestData() {}

  /**
   * Returns the path of a file or folder; aborts the test with a message where it is missing.
   *
   * @param relative its path inside the data folder
   */
  public static Path file(String relative) {
    Path path = FOLDER.resolve(relative);
    if (!Files.exists(path)) {
      Assumptions.abort("skipped: " + path + " is not there");
    }
    return path;
  }
}
