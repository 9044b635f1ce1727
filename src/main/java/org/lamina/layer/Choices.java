package org.lamina.layer;

import java.util.List;
import java.util.Optional;

/**
 * What is left open when layers are compiled: the precision of stored weights, and which of the
 * algorithms that apply a layer gets. What the selector names comes before what was measured, and
 * that before what the cost model expects.
 *
 * @param stored how weights are stored on the device; empty leaves it to the network
 * @param selector names algorithms; asked for every layer that has more than one
 * @param measurements what is known about algorithms on the device; empty leaves it to whoever
 *     knows the device, and to the cost model where nobody does
 */
public record Choices(
    Optional<Precision> stored, Selector selector, Optional<Measurements> measurements) {

  /** Names the algorithm for a layer at a place. */
  @FunctionalInterface
  public interface Selector {
    /**
     * Returns the name of an algorithm, or empty to leave it to measurements and the cost model, as
     * a name that does not apply also does.
     *
     * @param layer the layer
     * @param site the place
     * @param candidates the names of all that apply, see {@link Layer#algorithms}
     */
    Optional<String> select(Layer layer, Site site, List<String> candidates);
  }

  private static final Choices DEFAULTS =
      new Choices(
          Optional.empty(), (layer, site, candidates) -> Optional.empty(), Optional.empty());

  /** Returns the defaults: float weights, algorithms by the cost model. */
  public static Choices defaults() {
    return DEFAULTS;
  }

  /** Returns how weights are stored: {@link Precision#SINGLE} if nobody says otherwise. */
  public Precision precision() {
    return stored.orElse(Precision.SINGLE);
  }

  /** Returns the same, with what a network says of the precision if these choices say nothing. */
  public Choices orPrecision(Optional<Precision> network) {
    return new Choices(stored.or(() -> network), selector, measurements);
  }

  /** Returns the same with weights of another precision. */
  public Choices precision(Precision wanted) {
    return new Choices(Optional.of(wanted), selector, measurements);
  }

  /** Returns the same with another selector. */
  public Choices selector(Selector chosen) {
    return new Choices(stored, chosen, measurements);
  }

  /** Returns the same with what is known about a device. */
  public Choices measurements(Measurements known) {
    return new Choices(stored, selector, Optional.of(known));
  }

  /** Returns the same with one algorithm for every layer that it applies to. */
  public Choices algorithm(String name) {
    return selector((layer, site, candidates) -> Optional.of(name));
  }
}
