package org.lamina.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;

/**
 * Says that kernels are being built, which takes seconds the first time: on a terminal one line
 * that counts, elsewhere one line once.
 */
final class BuildProgress implements Consumer<String>, AutoCloseable {

  private static final String TEXT = "building kernels (first run on this device)";
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean live;
  private final boolean quiet;
  private int built;
  private boolean lineIsDirty;

  /** Writes to {@code err}; over the same line again and again if {@code live}. */
  BuildProgress(PrintWriter err, boolean live, boolean quiet) {
    this.err = err;
    this.live = live;
    this.quiet = quiet;
  }

  /** Told the name of each kernel file before it is built. */
  @Override
  public synchronized void accept(String file) {
    built++;
    if (quiet) {
      return;
    }
    if (live) {
      show(TEXT + ": " + built + ", " + file + " …");
    } else if (built == 1) {
      err.println(TEXT + " …");
      err.flush();
    }
  }

  /** Says on a terminal what is being done until the first kernel is built; nothing elsewhere. */
  synchronized void note(String text) {
    if (live && !quiet) {
      show(text);
    }
  }

  private void show(String text) {
    err.print(CLEAR_LINE + text);
    err.flush();
    lineIsDirty = true;
  }

  /** Wipes the line; called when what follows is not building any more. */
  synchronized void done() {
    if (lineIsDirty) {
      err.print(CLEAR_LINE);
      err.flush();
      lineIsDirty = false;
    }
  }

  /** Wipes the line. */
  @Override
  public void close() {
    done();
  }
}
