package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lamina.formats.onnx.Operand.Activation;
import org.lamina.network.Network.Entry;
import org.lamina.tensor.Chw;

/** What is done to a network when all its layers are there. */
final class Finish {

  private Finish() {}

  /**
   * Sees to it that every result of the model is one of the network, and nothing else is: what
   * nobody needs is taken out, and results that others read too, or that are inputs, get a layer of
   * their own that changes nothing.
   *
   * @param results the results by the names that the model gives them
   * @return the layers that make them
   */
  static Map<String, Activation> results(Assembly net, Map<String, Activation> results) {
    prune(net, results);
    Set<String> read = new HashSet<>();
    net.entries().values().forEach(entry -> read.addAll(entry.from()));
    Map<String, Activation> made = new LinkedHashMap<>();
    results.forEach(
        (name, x) -> {
          Activation y = canonical(net, name, x);
          boolean own =
              net.entries().containsKey(y.name())
                  && !read.contains(y.name())
                  && made.values().stream().noneMatch(other -> other.name().equals(y.name()));
          made.put(name, own ? y : net.add(name, "concat", Map.of(), net.item(y.dims()), y));
        });
    return made;
  }

  /** A result is [C], [C, W] or [C, H, W] if the model says so; others are as they come. */
  private static Activation canonical(Assembly net, String name, Activation x) {
    List<Integer> item = net.item(x.dims());
    Chw wanted = Assembly.canonical(item);
    if (item.size() > 3 || wanted.equals(x.view())) {
      return x;
    }
    Map<String, ?> shape =
        Map.of("channels", wanted.c(), "height", wanted.h(), "width", wanted.w());
    return net.add(name, "reshape", shape, item, x);
  }

  private static void prune(Assembly net, Map<String, Activation> results) {
    Set<String> needed = new HashSet<>();
    List<String> open = new ArrayList<>();
    results.values().forEach(x -> open.add(x.name()));
    while (!open.isEmpty()) {
      String name = open.remove(open.size() - 1);
      if (needed.add(name) && net.entries().containsKey(name)) {
        open.addAll(net.entries().get(name).from());
      }
    }
    net.entries().keySet().retainAll(needed);
    List.copyOf(net.inputs().keySet()).stream()
        .filter(input -> !needed.contains(input))
        .forEach(net::dropInput);
    net.weights().keySet().removeIf(name -> !needed.contains(layer(name)));
  }

  /** Returns the layer that a parameter belongs to. */
  static String layer(String parameter) {
    return parameter.substring(0, parameter.lastIndexOf('.'));
  }

  /** Returns the layers that read each layer, by its name. */
  static Map<String, List<Entry>> readers(Assembly net) {
    Map<String, List<Entry>> readers = new LinkedHashMap<>();
    for (Entry entry : net.entries().values()) {
      for (String from : entry.from()) {
        readers.computeIfAbsent(from, name -> new ArrayList<>()).add(entry);
      }
    }
    return readers;
  }
}
