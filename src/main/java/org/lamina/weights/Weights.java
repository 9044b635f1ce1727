package org.lamina.weights;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.lamina.layer.Parameter;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.tensor.Shape;

/** Which tensors a network needs, and whether a source has exactly those. */
public final class Weights {

  /** Lines of each kind that a message shows; a file for another network has hundreds. */
  private static final int MOST_LINES = 50;

  private Weights() {}

  /** Returns the name under which a parameter is stored: {@code <layer>.<parameter>}. */
  public static String name(Node node, Parameter parameter) {
    return node.name() + "." + parameter.name();
  }

  /** Returns all parameters of a network by the name under which they are stored, in order. */
  public static Map<String, Parameter> parameters(Network network) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    for (Node node : network.nodes()) {
      for (Parameter parameter : node.signature().parameters()) {
        parameters.put(name(node, parameter), parameter);
      }
    }
    return Collections.unmodifiableMap(parameters);
  }

  /**
   * Checks that a source has every parameter of a network in exactly its shape, and nothing else.
   * Loads nothing.
   *
   * @throws WeightsException that lists all tensors that are missing, of another shape, or too
   *     many, with the shapes on both sides
   */
  public static void check(Network network, WeightSource source) {
    Map<String, Parameter> wanted = parameters(network);
    Map<String, Shape> found = source.shapes();
    List<String> missing = wanted.keySet().stream().filter(n -> !found.containsKey(n)).toList();
    List<String> extra = found.keySet().stream().filter(n -> !wanted.containsKey(n)).toList();
    List<String> misshapen =
        wanted.keySet().stream()
            .filter(found::containsKey)
            .filter(n -> !wanted.get(n).shape().equals(found.get(n)))
            .toList();
    if (missing.isEmpty() && extra.isEmpty() && misshapen.isEmpty()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
                Locale.ROOT,
                "%s: the tensors do not fit network '%s', which has %d (%d missing, %d of another shape,",
                source.origin(),
                network.name(),
                wanted.size(),
                missing.size(),
                misshapen.size())
            + String.format(Locale.ROOT, " %d too many)", extra.size()));
    list(
        lines,
        missing,
        n -> String.format(Locale.ROOT, "missing: %s %s", n, wanted.get(n).shape()));
    list(
        lines,
        misshapen,
        n ->
            String.format(
                Locale.ROOT,
                "shape:   %s is %s, but the network needs %s",
                n,
                found.get(n),
                wanted.get(n).shape()));
    list(
        lines,
        extra,
        n -> {
          String shown = Printable.text(n);
          return String.format(
              Locale.ROOT, "extra:   %s %s%s", shown, found.get(n), Names.suggest(shown, missing));
        });
    throw new WeightsException(String.join("\n", lines));
  }

  private static void list(
      List<String> lines, List<String> names, Function<String, String> describe) {
    names.stream().limit(MOST_LINES).forEach(name -> lines.add("  " + describe.apply(name)));
    if (names.size() > MOST_LINES) {
      lines.add("  … and " + (names.size() - MOST_LINES) + " more");
    }
  }
}
