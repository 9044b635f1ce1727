// Longer than 300 lines because a network checks its own graph while it is made.
package org.lamina.network;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.lamina.layer.InvalidParameterException;
import org.lamina.layer.Layer;
import org.lamina.layer.Precision;
import org.lamina.layer.Signature;
import org.lamina.tensor.Chw;

/**
 * An immutable acyclic graph of layers, checked and with all shapes inferred.
 *
 * @param name what the network calls itself
 * @param inputs the shape of one image of every input, by name, in order
 * @param nodes the layers, each after those it reads
 * @param outputs names of the nodes whose results leave the network: those that no other node
 *     reads, in order
 * @param preprocessing how a picture becomes the (only) input
 * @param training how the network is meant to be trained; plain data
 * @param precision how weights are to be stored on a device where nobody says otherwise; empty
 *     means {@link Precision#SINGLE}
 */
public record Network(
    String name,
    Map<String, Chw> inputs,
    List<Node> nodes,
    List<String> outputs,
    Preprocessing preprocessing,
    Training training,
    Optional<Precision> precision) {

  /** Makes a network that says nothing of its training. */
  public Network(
      String name,
      Map<String, Chw> inputs,
      List<Node> nodes,
      List<String> outputs,
      Preprocessing preprocessing) {
    this(name, inputs, nodes, outputs, preprocessing, Training.NONE, Optional.empty());
  }

  /** Returns the same network with another description of its training. */
  public Network with(Training other) {
    return new Network(name, inputs, nodes, outputs, preprocessing, other, precision);
  }

  /** Returns the same network with another precision of weights. */
  public Network with(Precision other) {
    return new Network(name, inputs, nodes, outputs, preprocessing, training, Optional.of(other));
  }

  /** Returns the same network under another name. */
  public Network called(String other) {
    return new Network(other, inputs, nodes, outputs, preprocessing, training, precision);
  }

  /** Copies the collections, keeping their order. */
  public Network {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
  }

  /**
   * A layer before its shapes are known.
   *
   * @param name unique in the network
   * @param layer what is computed
   * @param from names of the layers or network inputs it reads, in order
   * @param device where the layer belongs; plain data
   */
  public record Entry(String name, Layer layer, List<String> from, Optional<String> device) {

    /** Copies the list. */
    public Entry {
      from = List.copyOf(from);
    }

    /** Returns an entry without a device. */
    public static Entry of(String name, Layer layer, String... from) {
      return new Entry(name, layer, List.of(from), Optional.empty());
    }
  }

  /**
   * Makes a network of layers in any order: sorts them so that each follows those it reads (keeping
   * the given order where it can), infers every shape and finds the outputs.
   *
   * @throws NetworkException if a name is taken twice or unknown, the layers read each other in a
   *     circle, there is no layer or no input, or a layer's parameters do not fit its inputs
   */
  public static Network of(
      String name,
      Map<String, Chw> inputs,
      Collection<Entry> entries,
      Preprocessing preprocessing) {
    requireNames(inputs, entries);
    Map<String, Node> nodes = new LinkedHashMap<>();
    for (Entry entry : sorted(inputs.keySet(), entries)) {
      nodes.put(entry.name(), node(entry, inputs, nodes));
    }
    Set<String> outputs = new LinkedHashSet<>(nodes.keySet());
    nodes.values().forEach(node -> node.from().forEach(outputs::remove));
    return new Network(
        name, inputs, List.copyOf(nodes.values()), List.copyOf(outputs), preprocessing);
  }

  /** Returns what writes a network of this name, layer by layer. */
  public static NetworkBuilder named(String name) {
    return new NetworkBuilder(name);
  }

  /** Returns what derives another network from this one; this one stays as it is. */
  public NetworkEdits edit() {
    return new NetworkEdits(this);
  }

  /**
   * Returns the layers as one would write them: what reads the layer before it does not say so, and
   * sums and concatenations have branches where they can. They mean exactly the nodes, in order.
   */
  public List<Draft> drafts() {
    return Drafting.of(this);
  }

  private static void requireNames(Map<String, Chw> inputs, Collection<Entry> entries) {
    if (inputs.isEmpty()) {
      throw new NetworkException("", "input", "the network has no input");
    }
    if (entries.isEmpty()) {
      throw new NetworkException("", "layers", "the network has no layers");
    }
    Set<String> names = new LinkedHashSet<>(inputs.keySet());
    for (Entry entry : entries) {
      if (!names.add(entry.name())) {
        throw new NetworkException(
            entry.name(),
            "name",
            inputs.containsKey(entry.name())
                ? "the name is that of a network input"
                : "the name is used twice");
      }
      if (entry.from().isEmpty()) {
        throw new NetworkException(entry.name(), "from", "the layer reads nothing");
      }
    }
    requireKnownFrom(names, entries);
  }

  private static void requireKnownFrom(Set<String> names, Collection<Entry> entries) {
    for (Entry entry : entries) {
      for (String from : entry.from()) {
        if (!names.contains(from)) {
          throw new NetworkException(
              entry.name(),
              "from",
              "there is no layer or input '%s'%s".formatted(from, Names.suggest(from, names)));
        }
      }
    }
  }

  /**
   * Returns the entries so that each follows those it reads; among those ready, the first first.
   */
  private static List<Entry> sorted(Set<String> inputs, Collection<Entry> entries) {
    List<Entry> given = List.copyOf(entries);
    Map<String, List<Integer>> readers = new HashMap<>();
    int[] missing = new int[given.size()];
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < missing.length; i++) {
      for (String from : given.get(i).from()) {
        if (!inputs.contains(from)) {
          missing[i]++;
          readers.computeIfAbsent(from, name -> new ArrayList<>()).add(i);
        }
      }
      if (missing[i] == 0) {
        ready.add(i);
      }
    }
    Set<Entry> sorted = new LinkedHashSet<>();
    while (!ready.isEmpty()) {
      Entry entry = given.get(ready.remove());
      sorted.add(entry);
      for (int reader : readers.getOrDefault(entry.name(), List.of())) {
        if (--missing[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (sorted.size() < given.size()) {
      throw cycle(given.stream().filter(entry -> !sorted.contains(entry)).toList());
    }
    return List.copyOf(sorted);
  }

  private static NetworkException cycle(List<Entry> waiting) {
    Map<String, Entry> byName = new LinkedHashMap<>();
    waiting.forEach(entry -> byName.put(entry.name(), entry));
    // Every waiting entry waits for another one, so walking back must meet a name again.
    Set<String> path = new LinkedHashSet<>();
    String at = waiting.get(0).name();
    while (path.add(at)) {
      at = byName.get(at).from().stream().filter(byName::containsKey).findFirst().orElseThrow();
    }
    List<String> circle = new ArrayList<>(path);
    circle.subList(0, circle.indexOf(at)).clear();
    circle.add(at);
    Collections.reverse(circle);
    return new NetworkException(
        at, "from", "the layers read each other in a circle: " + shortened(circle));
  }

  private static String shortened(List<String> circle) {
    int shown = 12;
    return circle.size() <= shown
        ? String.join(" → ", circle)
        : String.join(" → ", circle.subList(0, shown - 2))
            + " → … → "
            + circle.get(circle.size() - 1);
  }

  private static Node node(Entry entry, Map<String, Chw> inputs, Map<String, Node> nodes) {
    List<Chw> shapes =
        entry.from().stream()
            .map(from -> inputs.containsKey(from) ? inputs.get(from) : output(nodes, from))
            .toList();
    try {
      Signature signature = entry.layer().infer(shapes);
      return new Node(entry.name(), entry.layer(), entry.from(), signature, entry.device());
    } catch (InvalidParameterException e) {
      throw new NetworkException(entry.name(), e.parameter(), e.getMessage());
    } catch (ArithmeticException e) {
      throw new NetworkException(
          entry.name(), "shape", "the result is too large: " + e.getMessage());
    }
  }

  private static Chw output(Map<String, Node> nodes, String name) {
    return nodes.get(name).signature().output();
  }

  /**
   * Returns a node by name.
   *
   * @throws NetworkException if there is no such node
   */
  public Node node(String name) {
    return nodes.stream()
        .filter(node -> node.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NetworkException(
                    "",
                    "layers",
                    "network '%s' has no layer '%s'%s"
                        .formatted(
                            this.name,
                            name,
                            Names.suggest(name, nodes.stream().map(Node::name).toList()))));
  }

  /** Returns the shape of one image of a network input or of a node's output. */
  public Chw shape(String name) {
    Chw input = inputs.get(name);
    return input != null ? input : node(name).signature().output();
  }

  /**
   * Returns the nodes that read each input and each node, by its name, in order; a node that reads
   * a name twice is there twice.
   */
  public Map<String, List<Node>> readers() {
    Map<String, List<Node>> readers = new LinkedHashMap<>();
    inputs.keySet().forEach(input -> readers.put(input, new ArrayList<>()));
    for (Node node : nodes) {
      readers.put(node.name(), new ArrayList<>());
      node.from().forEach(from -> readers.get(from).add(node));
    }
    return readers;
  }

  /** Returns the number of learned values; running statistics do not count. */
  public long parameters() {
    return nodes.stream().mapToLong(node -> node.signature().learned()).sum();
  }

  /** Returns the multiply-accumulate operations of one forward pass for one image. */
  public long macs() {
    return nodes.stream().mapToLong(node -> node.signature().macs()).sum();
  }
}
