package org.lamina.cli;

import picocli.CommandLine.Parameters;

/** The network a command works on. */
final class NetworkArgument {

  @Parameters(
      index = "0",
      paramLabel = "NETWORK",
      description = "A network file (….yaml), or the name of a network that comes with Lamina.")
  private String name;

  /** Returns the name or path. */
  String name() {
    return name;
  }
}
