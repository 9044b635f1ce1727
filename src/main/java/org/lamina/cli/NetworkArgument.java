package org.lamina.cli;

import java.util.ArrayList;
import java.util.List;
import org.lamina.network.Network;
import org.lamina.yaml.Explanation;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.Overrides;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The network a command works on. */
final class NetworkArgument {

  @Parameters(
      index = "0",
      paramLabel = "NETWORK",
      description =
          "A network file (….yaml), or the name of a network that comes with Lamina; NETWORK@NAME is one of its variants.")
  private String name;

  @Option(
      names = "--let",
      paramLabel = "NAME=VALUE",
      description = "Give a variable of the network another value. May be repeated.")
  private List<String> let = new ArrayList<>();

  @Option(
      names = "--set",
      paramLabel = "LAYER.FIELD=VALUE",
      description = "Set a field of a layer. May be repeated.")
  private List<String> set = new ArrayList<>();

  /** Returns the name or path. */
  String name() {
    return name;
  }

  /**
   * Says where a value of the network comes from.
   *
   * @throws org.lamina.yaml.NetworkFileException if there is no such value
   */
  Explanation explain(String value) {
    return NetworkFile.explain(name, new Overrides(let, set), value);
  }

  /**
   * Returns the variables of the network that nothing uses.
   *
   * @throws org.lamina.yaml.NetworkFileException if it is not a network
   */
  List<String> unusedVariables() {
    return NetworkFile.unusedVariables(name, new Overrides(let, set));
  }

  /**
   * Returns the network, with what the command line changes of it.
   *
   * @throws org.lamina.yaml.NetworkFileException if there is none, or it is not a network
   */
  Network find() {
    return NetworkFile.find(name, new Overrides(let, set));
  }
}
