package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What is said while kernels are built. */
final class BuildProgressTest {

  private static final String CLEAR = "\r\u001b[K";

  private static String said(boolean live, boolean quiet) {
    StringWriter text = new StringWriter();
    try (BuildProgress progress = new BuildProgress(new PrintWriter(text), live, quiet)) {
      progress.note("making weights …");
      progress.accept("a.cl");
      progress.accept("b.cl");
    }
    return text.toString();
  }

  @Test
  void aTerminalSeesALineThatIsWipedAtTheEnd() {
    String building = "building kernels (first run on this device): ";
    assertEquals(
        CLEAR
            + ("making weights …" + CLEAR)
            + (building + "1, a.cl …" + CLEAR)
            + (building + "2, b.cl …" + CLEAR),
        said(true, false));
  }

  @Test
  void aFileGetsOneLine() {
    assertEquals(
        "building kernels (first run on this device) …" + System.lineSeparator(),
        said(false, false));
  }

  @Test
  void nothingIsSaidToThoseWhoWantQuiet() {
    assertEquals("", said(true, true));
    assertEquals("", said(false, true));
  }

  @Test
  void nothingIsWipedIfNothingWasSaid() {
    StringWriter text = new StringWriter();
    new BuildProgress(new PrintWriter(text), true, false).close();
    assertEquals("", text.toString());
  }
}
