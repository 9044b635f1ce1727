package org.lamina.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The options that every command has. */
@Command(versionProvider = Version.class)
final class Common {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the versions of Lamina, Java and the system, and exit.")
  private boolean version;

  /** Read from the parse result by {@link Failures}, which also works if parsing went wrong. */
  @Option(
      names = Failures.DEBUG_OPTION,
      description = "Show where in the code an error arose (also: LAMINA_DEBUG=1).")
  private boolean debug;
}
