package org.lamina.cli;

import java.util.ArrayList;
import java.util.List;
import org.lamina.data.source.Datasets;
import org.lamina.data.source.Splits;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.yaml.NetworkFile;
import org.lamina.yaml.NetworkFileException;
import org.lamina.yaml.Overrides;
import picocli.CommandLine.Option;

/** What the command line, and the data, change of a network that is to be trained. */
final class NetworkChanges {

  private static final String CLASSES = "classes";

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

  /**
   * Returns the network; one that has a variable {@code classes} which nobody set gets as many as
   * the data has.
   *
   * @param place where the data is
   * @throws NetworkFileException if there is no such network, or it is wrong
   */
  Network find(String name, String place) {
    Overrides overrides = new Overrides(let, set);
    Network network = NetworkFile.find(name, overrides);
    if (let.stream().anyMatch(text -> text.startsWith(CLASSES + "="))) {
      return network;
    }
    int classes;
    try (Splits data = Datasets.open(place)) {
      classes = data.classes().size();
    }
    if (outputs(network) == classes) {
      return network;
    }
    try {
      return NetworkFile.find(name, overrides.andLet(CLASSES + "=" + classes));
    } catch (NetworkFileException e) {
      return network; // it has no such variable; the run will say that classes do not fit
    }
  }

  private static long outputs(Network network) {
    Node last = network.node(network.outputs().get(0));
    return last.signature().output().volume();
  }
}
