package org.lamina.network;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.network.NetworkDiff.FieldChange;
import org.lamina.network.NetworkDiff.LayerChange;

/** Finds the differences of a {@link NetworkDiff}. */
final class Comparison {

  private final Network before;
  private final Network after;
  private final Map<String, Integer> places = new HashMap<>();
  private final Set<String> unmoved;
  private final Set<String> chainedBefore;
  private final Set<String> chainedAfter;

  Comparison(Network before, Network after) {
    this.before = before;
    this.after = after;
    before.nodes().forEach(node -> places.put(node.name(), places.size()));
    unmoved = unmoved();
    chainedBefore = chained(before);
    chainedAfter = chained(after);
  }

  /** Returns what differs above the layers. */
  List<FieldChange> head() {
    return changes(head(before), head(after));
  }

  private static Map<String, String> head(Network network) {
    Map<String, String> head = new LinkedHashMap<>();
    network.inputs().forEach((name, shape) -> head.put("input " + name, shape.toString()));
    network.precision().ifPresent(stored -> head.put("precision", stored.key()));
    head.put("preprocess", LayerFields.text(network.preprocessing().steps()));
    network.training().loss().ifPresent(loss -> head.put("loss", loss));
    addLeaves("training", network.training().recipe().plain(), head);
    return head;
  }

  /** Adds a setting, or each within it: {@code training.optimizer.rate}. */
  private static void addLeaves(String key, Object value, Map<String, String> head) {
    if (value instanceof Map<?, ?> fields) {
      fields.forEach((name, field) -> addLeaves(key + "." + name, field, head));
    } else {
      head.put(key, LayerFields.text(value));
    }
  }

  /** Returns the layers that differ. */
  List<LayerChange> layers() {
    Set<String> kept = new HashSet<>();
    after.nodes().forEach(node -> kept.add(node.name()));
    List<LayerChange> changes = new ArrayList<>();
    int next = 0;
    for (Node node : after.nodes()) {
      if (unmoved.contains(node.name())) {
        int place = places.get(node.name());
        addRemoved(next, place, kept, changes);
        next = place + 1;
      }
      change(node).ifPresent(changes::add);
    }
    addRemoved(next, before.nodes().size(), kept, changes);
    return changes;
  }

  private void addRemoved(int from, int to, Set<String> kept, List<LayerChange> changes) {
    for (Node node : before.nodes().subList(from, to)) {
      if (!kept.contains(node.name())) {
        changes.add(new LayerChange(Optional.of(node), Optional.empty(), false, List.of()));
      }
    }
  }

  private Optional<LayerChange> change(Node node) {
    if (!places.containsKey(node.name())) {
      return Optional.of(new LayerChange(Optional.empty(), Optional.of(node), false, List.of()));
    }
    Node old = before.nodes().get(places.get(node.name()));
    boolean chained = chainedBefore.contains(node.name()) && chainedAfter.contains(node.name());
    List<FieldChange> fields = changes(fields(old, chained), fields(node, chained));
    boolean moved = !unmoved.contains(node.name());
    return moved || !fields.isEmpty()
        ? Optional.of(new LayerChange(Optional.of(old), Optional.of(node), moved, fields))
        : Optional.empty();
  }

  private static Map<String, String> fields(Node node, boolean chained) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("type", node.layer().key());
    fields.putAll(LayerFields.of(node.layer()));
    if (!chained) {
      fields.put("from", String.join(", ", node.from()));
    }
    node.device().ifPresent(device -> fields.put("device", device));
    fields.put("output", node.signature().output().toString());
    fields.put("parameters", String.valueOf(node.signature().learned()));
    fields.put("macs", String.valueOf(node.signature().macs()));
    return fields;
  }

  private static List<FieldChange> changes(Map<String, String> before, Map<String, String> after) {
    Set<String> keys = new LinkedHashSet<>(before.keySet());
    keys.addAll(after.keySet());
    List<FieldChange> changes = new ArrayList<>();
    for (String key : keys) {
      Optional<String> old = Optional.ofNullable(before.get(key));
      Optional<String> now = Optional.ofNullable(after.get(key));
      if (!old.equals(now)) {
        changes.add(new FieldChange(key, old, now));
      }
    }
    return changes;
  }

  /** Returns the layers that read just the one before them, and the first if it reads the input. */
  private static Set<String> chained(Network network) {
    Set<String> chained = new HashSet<>();
    List<String> expected = List.copyOf(network.inputs().keySet());
    for (Node node : network.nodes()) {
      if (node.from().equals(expected)) {
        chained.add(node.name());
      }
      expected = List.of(node.name());
    }
    return chained;
  }

  /**
   * Returns the longest common subsequence of names. Since no name stands twice in a network, it is
   * the longest increasing one among the places that the second network's layers have in the first.
   */
  private Set<String> unmoved() {
    List<String> common =
        after.nodes().stream().map(Node::name).filter(places::containsKey).toList();
    int[] previous = new int[common.size()];
    List<Integer> ends = new ArrayList<>(); // of the best sequence of each length: its last name,
    List<Integer> endPlaces = new ArrayList<>(); // and where that stands in the first network
    for (int i = 0; i < previous.length; i++) {
      int place = places.get(common.get(i));
      int length = -1 - Collections.binarySearch(endPlaces, place);
      previous[i] = length == 0 ? -1 : ends.get(length - 1);
      if (length == ends.size()) {
        ends.add(i);
        endPlaces.add(place);
      } else {
        ends.set(length, i);
        endPlaces.set(length, place);
      }
    }
    Set<String> names = new HashSet<>();
    for (int i = ends.isEmpty() ? -1 : ends.get(ends.size() - 1); i >= 0; i = previous[i]) {
      names.add(common.get(i));
    }
    return names;
  }
}
