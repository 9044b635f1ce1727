package org.lamina.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Whether somebody is watching. */
final class Terminal {

  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
  private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

  private Terminal() {}

  /**
   * Returns how many columns the terminal has that standard output goes to: what {@code COLUMNS}
   * says, else what the terminal itself does. Empty if it goes elsewhere, or there is no telling.
   */
  static OptionalInt width() {
    String columns = System.getenv("COLUMNS");
    if (columns != null && columns.matches("[1-9][0-9]{0,5}")) {
      return OptionalInt.of(Integer.parseInt(columns));
    }
    return isTerminal(STANDARD_OUTPUT) ? askedWidth() : OptionalInt.empty();
  }

  private static OptionalInt askedWidth() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(Path.of("/dev/tty").toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String size = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return size.strip().matches("[0-9]+ [1-9][0-9]{0,5}")
          ? OptionalInt.of(Integer.parseInt(size.strip().split(" ")[1]))
          : OptionalInt.empty();
    } catch (IOException e) {
      return OptionalInt.empty(); // no stty, or no terminal of ours: as wide as it gets
    }
  }

  private static boolean isTerminal(Path stream) {
    try {
      String target = Files.readSymbolicLink(stream).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }

  /**
   * Returns whether standard error is a terminal, so that a line may be written over. On systems
   * without {@code /proc} it counts as one if standard input and output are.
   */
  static boolean watchesErrors() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    return isTerminal(STANDARD_ERROR);
  }
}
