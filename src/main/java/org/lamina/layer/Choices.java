package org.lamina.layer;

import java.util.List;
import java.util.Optional;

/**
 * What is left open when layers are compiled: the precision of stored weights, and which of the
 * algorithms that apply a layer gets.
 *
 * @param precision how weights are stored on the device
 * @param selector names algorithms; asked for every layer that has more than one
 */
public record Choices(Precision precision, Selector selector) {

  /** Names the algorithm for a layer at a place, for example from a database of measurements. */
  @FunctionalInterface
  public interface Selector {
    /**
     * Returns the name of an algorithm, or empty to leave it to the cost model, as a name that does
     * not apply also does.
     *
     * @param layer the layer
     * @param site the place
     * @param candidates the names of all that apply, see {@link Layer#algorithms}
     */
    Optional<String> select(Layer layer, Site site, List<String> candidates);
  }

  private static final Choices DEFAULTS =
      new Choices(Precision.SINGLE, (layer, site, candidates) -> Optional.empty());

  /** Returns the defaults: float weights, algorithms by the cost model. */
  public static Choices defaults() {
    return DEFAULTS;
  }

  /** Returns the same with weights of another precision. */
  public Choices precision(Precision stored) {
    return new Choices(stored, selector);
  }

  /** Returns the same with another selector. */
  public Choices selector(Selector chosen) {
    return new Choices(precision, chosen);
  }

  /** Returns the same with one algorithm for every layer that it applies to. */
  public Choices algorithm(String name) {
    return selector((layer, site, candidates) -> Optional.of(name));
  }
}
