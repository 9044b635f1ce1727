package org.lamina.yaml;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamina.network.Names;

/** The layers that edits may address, by name. */
final class LayerIndex {

  /**
   * A layer and where it is.
   *
   * @param item the layer
   * @param siblings the list it is in
   * @param home what addresses of layers begin with there: nothing, or a block's name and a dot
   */
  record Spot(Item item, List<Item> siblings, String home) {
    int index() {
      // By identity: two items are never equal otherwise.
      return siblings.indexOf(item);
    }
  }

  private final Description description;
  private final Map<String, List<Item>> homes;
  private final Map<String, Spot> spots = new HashMap<>();

  /**
   * Makes an index.
   *
   * @param homes lists of layers by what addresses there begin with
   */
  LayerIndex(Description description, Map<String, List<Item>> homes) {
    this.description = description;
    this.homes = homes;
    rebuild();
  }

  /** Finds all layers anew. */
  void rebuild() {
    spots.clear();
    homes.forEach((home, items) -> add(home, items));
  }

  private void add(String home, List<Item> items) {
    for (Item item : items) {
      item.name().ifPresent(name -> spots.putIfAbsent(home + name, new Spot(item, items, home)));
      item.branches().forEach(branch -> add(home, branch.layers()));
    }
  }

  /** Adds a layer, which is in its list by now, and those inside it. */
  void add(Item item, List<Item> siblings, String home) {
    item.name().ifPresent(name -> spots.put(home + name, new Spot(item, siblings, home)));
    item.branches().forEach(branch -> add(home, branch.layers()));
  }

  /** Names the layers of a home that have no name. */
  void nameAll(String home) {
    ItemReader.nameAll(homes.get(home));
  }

  /** Takes a layer and those inside it out, and remembers what became of them. */
  void forget(Spot spot, String how, Place at) {
    Item.walk(
        List.of(spot.item()),
        gone ->
            gone.name()
                .ifPresent(
                    name -> {
                      spots.remove(spot.home() + name);
                      description.edited(spot.home() + name, how, at);
                    }));
  }

  /**
   * Refuses layers whose name another layer has.
   *
   * @throws Fault if there is one
   */
  void requireFreeNames(String home, List<Item> items) {
    Item.walk(
        items,
        item -> {
          Spot taken = item.name().map(name -> spots.get(home + name)).orElse(null);
          if (taken != null) {
            throw new Fault(
                item.namePlace(),
                "the name '%s' is that of the layer at %s"
                    .formatted(item.name().get(), taken.item().namePlace()));
          }
        });
  }

  /** Returns whether there is a layer of a name. */
  boolean has(String name) {
    return spots.containsKey(name);
  }

  /**
   * Returns where a layer is.
   *
   * @throws Fault if there is none of this name
   */
  Spot find(String name, Place at) {
    Spot spot = spots.get(name);
    if (spot == null) {
      String hint = description.fate(name);
      throw new Fault(
          at,
          "there is no layer '%s' to edit%s"
              .formatted(name, hint.isEmpty() ? Names.suggest(name, spots.keySet()) : hint));
    }
    return spot;
  }
}
