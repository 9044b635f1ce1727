package org.lamina.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.network.Network;
import org.lamina.network.Node;

/** Joins layers that can run as one: an activation with the layer whose result only it reads. */
final class Fusion {

  private Fusion() {}

  /**
   * Returns the steps of a network in an order in which they can run.
   *
   * @param kept names of layers whose results are asked for, so that they must exist
   */
  static List<Step> steps(Network network, Set<String> kept) {
    Map<String, List<Node>> readers = new HashMap<>();
    for (Node node : network.nodes()) {
      for (String from : node.from()) {
        readers.computeIfAbsent(from, name -> new ArrayList<>()).add(node);
      }
    }
    List<Step> steps = new ArrayList<>();
    Set<String> done = new HashSet<>();
    for (Node node : network.nodes()) {
      if (done.contains(node.name())) {
        continue;
      }
      Optional<Node> fused = Optional.empty();
      List<Node> after = readers.getOrDefault(node.name(), List.of());
      if (after.size() == 1 && !kept.contains(node.name())) {
        fused = Optional.of(after.get(0)).filter(next -> node.layer().fuses(next.layer()));
      }
      fused.ifPresent(next -> done.add(next.name()));
      steps.add(new Step(node, fused));
    }
    return steps;
  }
}
