package org.lamina.layer;

import java.util.List;
import java.util.Optional;
import org.lamina.opencl.ClException;

/**
 * Which algorithm a layer gets, and why: the one that the site's choices name, else the one that
 * was measured to be the fastest, else the one that the cost model expects to be.
 *
 * @param algorithm its name
 * @param basis why
 */
record Selection(String algorithm, Basis basis) {

  /**
   * Selects one of several algorithms.
   *
   * @param byCost the names of all that apply, the cheapest first; never none
   * @throws ClException if all of them are known to give wrong numbers on the device
   */
  static Selection of(Layer layer, Site site, List<String> byCost) {
    Measurements known = site.choices().measurements().orElseGet(Measurements::none);
    if (byCost.size() > 1) {
      Optional<String> named = site.choices().selector().select(layer, site, byCost);
      if (named.filter(byCost::contains).isPresent()) {
        return new Selection(named.get(), Basis.NAMED);
      }
    }
    List<String> allowed =
        byCost.stream().filter(name -> !known.refuses(layer, site, name)).toList();
    if (allowed.isEmpty()) {
      throw new ClException(
          "layer of type '%s': the device computes every algorithm wrongly, %s; take another device"
              .formatted(layer.key(), String.join(", ", byCost)));
    }
    if (byCost.size() == 1) {
      return new Selection(byCost.get(0), Basis.ONLY);
    }
    return known
        .fastest(layer, site)
        .filter(allowed::contains)
        .map(name -> new Selection(name, Basis.MEASURED))
        .orElseGet(() -> new Selection(allowed.get(0), Basis.ESTIMATED));
  }
}
