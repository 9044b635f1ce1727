package org.lamina.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.Join;
import org.lamina.layer.Layer;

/**
 * Finds the chains and branches in a network's graph, so that it can be written the way a person
 * would: a layer says what it reads only where that is not the layer before it.
 *
 * <p>A sum or concatenation gets branches if the layers right before it are those branches, one
 * after the other, each a chain that begins at the same layer. The list means exactly the nodes of
 * the network, in their order.
 */
final class Drafting {

  /** Branches within branches; YAML may nest deeper, but nobody would. */
  private static final int MAX_DEPTH = 8;

  /**
   * A node with its branches: nodes that follow each other, the node itself last.
   *
   * @param begin the index of the first
   * @param start what the whole reads; none if that is not one thing
   * @param cuts where each branch begins, and the last ends; empty if there are no branches
   * @param depth how deep branches nest
   */
  private record Unit(int begin, Optional<String> start, List<Integer> cuts, int depth) {
    boolean startsAt(String name) {
      return start.isPresent() && start.get().equals(name);
    }
  }

  private final List<Node> nodes;
  private final Map<String, Integer> indices = new HashMap<>();
  private final List<Unit> units = new ArrayList<>();

  private Drafting(List<Node> nodes) {
    this.nodes = nodes;
    for (int i = 0; i < nodes.size(); i++) {
      indices.put(nodes.get(i).name(), i);
      units.add(unit(i));
    }
  }

  /** Returns the layers of a network as one would write them. */
  static List<Draft> of(Network network) {
    Set<String> inputs = network.inputs().keySet();
    return new Drafting(network.nodes())
        .drafts(
            0,
            network.nodes().size(),
            inputs.size() == 1 ? Optional.of(inputs.iterator().next()) : Optional.empty());
  }

  private Unit unit(int index) {
    Node node = nodes.get(index);
    if (node.from().size() == 1) {
      return new Unit(index, Optional.of(node.from().get(0)), List.of(), 0);
    }
    if (joins(node.layer())) {
      for (String start : starts(index)) {
        Optional<Unit> joined = joined(index, start);
        if (joined.isPresent()) {
          return joined.get();
        }
      }
    }
    return new Unit(index, Optional.empty(), List.of(), 0);
  }

  private static boolean joins(Layer layer) {
    return layer instanceof Join;
  }

  /** Returns where the branches that end in a node may begin. */
  private Set<String> starts(int index) {
    Set<String> starts = new LinkedHashSet<>();
    // Where the chain before the node is broken, a branch begins.
    for (int at = index - 1; at >= 0; at = units.get(at).begin() - 1) {
      Unit unit = units.get(at);
      if (unit.begin() == 0 || !unit.startsAt(nodes.get(unit.begin() - 1).name())) {
        unit.start().ifPresent(starts::add);
        break;
      }
    }
    starts.addAll(nodes.get(index).from()); // its branch is empty then
    return starts;
  }

  /** Returns a node with branches that begin at the given layer or input, if it has such. */
  private Optional<Unit> joined(int index, String start) {
    List<String> ends = nodes.get(index).from();
    List<Integer> cuts = new ArrayList<>(List.of(index));
    int depth = 0;
    int begin = index;
    for (int branch = ends.size() - 1; branch >= 0; branch--) {
      if (!ends.get(branch).equals(start)) {
        if (begin == 0 || indices.getOrDefault(ends.get(branch), -1) != begin - 1) {
          return Optional.empty();
        }
        boolean complete = false;
        while (!complete) {
          Unit unit = units.get(begin - 1);
          depth = Math.max(depth, unit.depth());
          begin = unit.begin();
          complete = unit.startsAt(start);
          if (!complete && (begin == 0 || !unit.startsAt(nodes.get(begin - 1).name()))) {
            return Optional.empty();
          }
        }
      }
      cuts.add(0, begin);
    }
    boolean before = indices.getOrDefault(start, -1) < begin;
    return before && begin < index && depth < MAX_DEPTH
        ? Optional.of(new Unit(begin, Optional.of(start), cuts, depth + 1))
        : Optional.empty();
  }

  private List<Draft> drafts(int begin, int end, Optional<String> start) {
    List<Integer> last = new ArrayList<>();
    for (int at = end - 1; at >= begin; at = units.get(at).begin() - 1) {
      last.add(at);
    }
    Collections.reverse(last);
    List<Draft> drafts = new ArrayList<>();
    Optional<String> previous = start;
    for (int at : last) {
      drafts.add(draft(at, previous));
      previous = Optional.of(nodes.get(at).name());
    }
    return drafts;
  }

  private Draft draft(int index, Optional<String> previous) {
    Node node = nodes.get(index);
    Unit unit = units.get(index);
    List<String> from = unit.start().map(List::of).orElse(node.from());
    if (previous.isPresent() && from.equals(List.of(previous.get()))) {
      from = List.of();
    }
    List<List<Draft>> branches = new ArrayList<>();
    for (int i = 1; i < unit.cuts().size(); i++) {
      branches.add(drafts(unit.cuts().get(i - 1), unit.cuts().get(i), unit.start()));
    }
    return new Draft(Optional.of(node.name()), node.layer(), from, node.device(), branches);
  }
}
