package org.lamina.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.layer.Layer;

/**
 * A layer as one writes it in a list of layers: what it reads, and its name, may be left out.
 *
 * <pre>{@code
 * Draft.of("sum", new Add())
 *     .branches(
 *         List.of(Draft.of("conv1", Convolution.of(64, 3).pad(1)), Draft.of(new Relu())),
 *         List.of())
 * }</pre>
 *
 * @param name unique in the network; without one the layer is called by its type and a number:
 *     {@code relu1}
 * @param layer what is computed
 * @param from names of the layers or inputs it reads, in order; empty: the one before it, the first
 *     the only input
 * @param device a label that says where the layer belongs; plain data
 * @param branches lists of layers that begin at what the layer would read and end in it; an empty
 *     one is a shortcut
 */
public record Draft(
    Optional<String> name,
    Layer layer,
    List<String> from,
    Optional<String> device,
    List<List<Draft>> branches) {

  /** Copies the lists. */
  public Draft {
    from = List.copyOf(from);
    branches = branches.stream().map(List::copyOf).toList();
  }

  /** Returns a layer that reads the one before it. */
  public static Draft of(String name, Layer layer) {
    return new Draft(Optional.of(name), layer, List.of(), Optional.empty(), List.of());
  }

  /** Returns a layer that is named by its type and a number, and reads the one before it. */
  public static Draft of(Layer layer) {
    return new Draft(Optional.empty(), layer, List.of(), Optional.empty(), List.of());
  }

  /** Returns the same layer, reading the given layers or inputs. */
  public Draft from(String... names) {
    return new Draft(name, layer, List.of(names), device, branches);
  }

  /** Returns the same layer with a label that says where it belongs. */
  public Draft device(String label) {
    return new Draft(name, layer, from, Optional.of(label), branches);
  }

  /** Returns the same layer with branches that end in it. */
  @SafeVarargs
  public final Draft branches(List<Draft>... lists) {
    List<List<Draft>> all = new ArrayList<>();
    for (List<Draft> list : lists) {
      all.add(list);
    }
    return new Draft(name, layer, from, device, all);
  }
}
