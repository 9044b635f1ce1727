package org.lamina.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.lamina.layer.Add;
import org.lamina.layer.Folding;
import org.lamina.layer.Layer;
import org.lamina.network.Network;
import org.lamina.network.Node;

/**
 * Joins layers that can run as one with a layer whose result only they read: an activation always;
 * in inference also what is linear in each channel, a sum with a result that is there before, and a
 * pooling.
 */
final class Fusion {

  private final Set<String> kept;
  private final Map<String, List<Node>> readers = new HashMap<>();
  private final Set<String> done = new HashSet<>();

  private Fusion(Network network, Set<String> kept) {
    this.kept = kept;
    for (Node node : network.nodes()) {
      for (String from : node.from()) {
        readers.computeIfAbsent(from, name -> new ArrayList<>()).add(node);
      }
    }
  }

  /**
   * Returns the steps of a network in an order in which they can run, with activations alone.
   *
   * @param kept names of layers whose results are asked for, so that they must exist
   */
  static List<Step> steps(Network network, Set<String> kept) {
    Fusion fusion = new Fusion(network, kept);
    List<Step> steps = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (fusion.done.add(node.name())) {
        steps.add(new Step(node, fusion.activation(node, node)));
      }
    }
    return steps;
  }

  /**
   * Returns the steps of a network in inference, in an order in which they can run.
   *
   * @param kept names of layers whose results are asked for, so that they must exist
   * @param adds whether the layer of a step can add another result to its own
   * @param pools whether the first layer can do the pooling that the second one is
   */
  static List<Step> inference(
      Network network, Set<String> kept, Predicate<Step> adds, BiPredicate<Layer, Layer> pools) {
    Fusion fusion = new Fusion(network, kept);
    Set<String> there = new HashSet<>(network.inputs().keySet());
    List<Step> steps = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (fusion.done.add(node.name())) {
        Step step = fusion.step(node, there, adds, pools);
        there.add(step.output());
        steps.add(step);
      }
    }
    return steps;
  }

  private Step step(
      Node node, Set<String> there, Predicate<Step> adds, BiPredicate<Layer, Layer> pools) {
    List<Node> folded = new ArrayList<>();
    Node last = node;
    Optional<Node> next =
        follower(last).filter(after -> Folding.folds(node.layer(), after.layer()));
    while (next.isPresent()) {
      last = next.get();
      folded.add(last);
      next = follower(last).filter(after -> Folding.folds(node.layer(), after.layer()));
    }
    Step alone = new Step(node, folded, Optional.empty(), Optional.empty());
    Optional<Node> added =
        follower(last)
            .filter(sum -> isSum(sum, alone.output(), there))
            .filter(s -> adds.test(alone));
    last = added.orElse(last);
    Optional<Node> fused =
        activation(node, last)
            .or(() -> follower(node).filter(after -> pools.test(node.layer(), after.layer())));
    Step step = new Step(node, folded, added, fused);
    step.nodes().forEach(each -> done.add(each.name()));
    return step;
  }

  /** Returns whether a layer is the sum of a result and another of its shape that is there. */
  private static boolean isSum(Node sum, String own, Set<String> there) {
    return sum.layer() instanceof Add
        && sum.from().size() == 2
        && sum.signature().inputs().get(0).equals(sum.signature().inputs().get(1))
        && sum.from().stream().allMatch(name -> name.equals(own) || there.contains(name));
  }

  /** Returns the only layer that reads a result, unless the result is asked for. */
  private Optional<Node> follower(Node node) {
    List<Node> after = readers.getOrDefault(node.name(), List.of());
    boolean alone = after.size() == 1 && !kept.contains(node.name());
    return alone ? Optional.of(after.get(0)) : Optional.empty();
  }

  /** Returns the activation after {@code last} that the kernels of {@code node} can apply. */
  private Optional<Node> activation(Node node, Node last) {
    Optional<Node> found = follower(last).filter(next -> node.layer().fuses(next.layer()));
    found.ifPresent(next -> done.add(next.name()));
    return found;
  }
}
