package org.lamina.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Shows a page to whoever sits in front of the machine. */
final class Browser {

  private Browser() {}

  /** Opens a page, if there is a desktop and somebody to look at it. */
  static void open(Path page, boolean closed) {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    boolean desktop =
        system.contains("mac")
            || system.contains("win")
            || System.getenv("DISPLAY") != null
            || System.getenv("WAYLAND_DISPLAY") != null;
    if (closed || !desktop || System.getenv("CI") != null) {
      return;
    }
    String opener =
        system.contains("mac") ? "open" : system.contains("win") ? "explorer" : "xdg-open";
    try {
      new ProcessBuilder(List.of(opener, page.toAbsolutePath().toString()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(1, TimeUnit.SECONDS);
    } catch (IOException e) {
      return; // no such program: the path has been printed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
