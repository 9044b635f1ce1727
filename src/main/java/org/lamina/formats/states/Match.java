package org.lamina.formats.states;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.layer.Parameter;
import org.lamina.network.Network;
import org.lamina.tensor.Shape;
import org.lamina.weights.TensorFile;
import org.lamina.weights.Weights;

/**
 * A file's tensors as the parameters of a network.
 *
 * @param convention whose names the file has
 * @param network the network
 * @param names how the file calls each parameter, by the network's name of it, in the network's
 *     order; all that were found in a shape that fits
 * @param unused tensors of the file that are no parameter, but those that no network has use for
 * @param counters tensors of the file that no network has use for, and that may be left out
 */
record Match(
    Convention convention,
    Network network,
    Map<String, String> names,
    List<String> unused,
    List<String> counters) {

  /** What training wraps around a network, and so around the names of all its tensors. */
  private static final List<String> WRAPPERS =
      List.of("module.", "_orig_mod.", "model.", "net.", "network.", "backbone.");

  /** Returns whether the file has exactly the parameters of the network. */
  boolean complete() {
    return unused.isEmpty() && names.size() == Weights.parameters(network).size();
  }

  /** Looks for the parameters of a network in a file. */
  static Match of(Convention convention, TensorFile file, Network network) {
    Map<String, Shape> found = file.shapes();
    Map<String, Shape> tensors = new LinkedHashMap<>();
    Map<String, String> originals = new LinkedHashMap<>();
    String wrapper = wrapper(found.keySet());
    found.forEach(
        (name, shape) -> {
          tensors.put(name.substring(wrapper.length()), shape);
          originals.put(name.substring(wrapper.length()), name);
        });
    Map<String, Parameter> wanted = Weights.parameters(network);
    Map<String, String> candidates = new LinkedHashMap<>();
    Set<String> twice = new HashSet<>();
    convention
        .names(tensors, network)
        .forEach(
            (from, to) -> {
              boolean fits =
                  wanted.containsKey(to) && fits(tensors.get(from), wanted.get(to).shape());
              if (fits && candidates.put(to, from) != null) {
                twice.add(to);
              }
            });
    candidates.keySet().removeAll(twice);
    Map<String, String> names = new LinkedHashMap<>();
    for (String to : wanted.keySet()) {
      Optional.ofNullable(candidates.get(to)).ifPresent(from -> names.put(to, originals.get(from)));
    }
    Set<String> used = new HashSet<>(names.values());
    List<String> rest = originals.values().stream().filter(name -> !used.contains(name)).toList();
    List<String> counters = rest.stream().filter(name -> idle(name, wrapper)).toList();
    List<String> unused = rest.stream().filter(name -> !idle(name, wrapper)).toList();
    return new Match(convention, network, names, unused, counters);
  }

  /** Returns what all names begin with and no layer is called by. */
  private static String wrapper(Set<String> names) {
    StringBuilder wrapper = new StringBuilder();
    for (boolean more = true; more && !names.isEmpty(); ) {
      more = false;
      for (String prefix : WRAPPERS) {
        String longer = wrapper + prefix;
        if (names.stream().allMatch(name -> name.startsWith(longer))) {
          wrapper.append(prefix);
          more = true;
        }
      }
    }
    return wrapper.toString();
  }

  /** Counters of batches, and heads that only training uses. */
  private static boolean idle(String original, String wrapper) {
    String name = original.substring(wrapper.length());
    return name.endsWith(".num_batches_tracked")
        || name.startsWith("aux1.")
        || name.startsWith("aux2.");
  }

  /**
   * A fully connected layer and a convolution over all of its input have the same weights in the
   * same order; so have a pointwise convolution and a matrix.
   */
  private static boolean fits(Shape found, Shape wanted) {
    if (found.equals(wanted)) {
      return true;
    }
    boolean flattened =
        found.rank() != wanted.rank()
            && Math.min(found.rank(), wanted.rank()) == 2
            && Math.max(found.rank(), wanted.rank()) == 4;
    return flattened && found.extent(0) == wanted.extent(0) && found.volume() == wanted.volume();
  }
}
