package org.lamina.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.lamina.network.Names;
import org.lamina.network.Network;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;

/** Checks tensors against the inputs of a network. */
final class Inputs {

  private Inputs() {}

  /**
   * Returns how many images there are.
   *
   * @throws InputException if the tensors do not fit the network's inputs
   */
  static int images(Network network, Map<String, Tensor> tensors) {
    List<String> problems = new ArrayList<>();
    network.inputs().forEach((name, shape) -> check(name, shape, tensors, problems));
    List<String> missing =
        network.inputs().keySet().stream().filter(n -> !tensors.containsKey(n)).toList();
    tensors.keySet().stream()
        .filter(name -> !network.inputs().containsKey(name))
        .forEach(
            name ->
                problems.add(
                    "extra:   %s %s%s"
                        .formatted(name, tensors.get(name).shape(), Names.suggest(name, missing))));
    Set<Integer> counts = new TreeSet<>();
    tensors.values().forEach(tensor -> counts.add(images(tensor.shape())));
    if (problems.isEmpty() && counts.size() > 1) {
      problems.add("images:  the inputs hold different numbers of them: " + counts);
    }
    if (!problems.isEmpty()) {
      throw new InputException(
          "the tensors do not fit the inputs of network '%s'%n  %s"
              .formatted(network.name(), String.join(System.lineSeparator() + "  ", problems)));
    }
    return counts.iterator().next();
  }

  private static void check(
      String name, Chw wanted, Map<String, Tensor> tensors, List<String> problems) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      problems.add("missing: %s N×%s".formatted(name, wanted));
      return;
    }
    Shape shape = tensor.shape();
    boolean fits =
        shape.equals(wanted.batch(1))
            || shape.equals(Shape.of(wanted.c(), wanted.h(), wanted.w()))
            || (shape.rank() == 4
                && shape.extent(0) > 0
                && shape.equals(wanted.batch(shape.extent(0))));
    if (!fits) {
      problems.add(
          "shape:   %s is %s, but the network needs N×%s or %s"
              .formatted(name, shape, wanted, wanted));
    }
  }

  private static int images(Shape shape) {
    return shape.rank() == 4 ? shape.extent(0) : 1;
  }

  /**
   * Checks that results fit into an array.
   *
   * @throws InputException if they do not
   */
  static void requireArray(String name, Chw shape, int images) {
    if (shape.volume() * images > Integer.MAX_VALUE - 8) {
      throw new InputException(
          "the results of '%s' for %d images have more elements than a Java array can hold; run fewer images at once"
              .formatted(name, images));
    }
  }
}
