package org.lamina.network.drawing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.lamina.layer.Extent;
import org.lamina.network.LayerFields;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.network.Window;

/**
 * A box of the picture: a layer, with the cheap ones that follow it, or an input.
 *
 * @param rows what it shows, from top to bottom
 * @param from the cards it reads, each once, in order
 */
record Card(List<Row> rows, List<Card> from) {

  /**
   * A line of a card.
   *
   * @param name of the layer
   * @param kind its colour
   * @param detail its type and window
   * @param shape its output
   * @param count its parameters; empty if it has none
   * @param tooltip everything about it
   */
  record Row(String name, Kind kind, String detail, String shape, String count, String tooltip) {}

  /** Cards are themselves: two that look alike are two. */
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  /** Returns the cards of a network, each after those it reads. */
  static List<Card> of(Network network) {
    Map<String, List<Node>> readers = network.readers();
    Map<String, Card> byLayer = new LinkedHashMap<>();
    network
        .inputs()
        .forEach(
            (name, shape) -> {
              Row row = new Row(name, Kind.INPUT, "input", shape.toString(), "", name + ": input");
              byLayer.put(name, new Card(new ArrayList<>(List.of(row)), List.of()));
            });
    Set<Card> cards = new LinkedHashSet<>(byLayer.values());
    for (Node node : network.nodes()) {
      String first = node.from().get(0);
      boolean stacked =
          Kind.stacks(node)
              && node.from().size() == 1
              && readers.get(first).size() == 1
              && !network.inputs().containsKey(first);
      if (stacked) {
        byLayer.get(first).rows.add(row(node));
        byLayer.put(node.name(), byLayer.get(first));
      } else {
        List<Card> from = node.from().stream().map(byLayer::get).distinct().toList();
        byLayer.put(node.name(), new Card(new ArrayList<>(List.of(row(node))), from));
      }
      cards.add(byLayer.get(node.name()));
    }
    return List.copyOf(cards);
  }

  private static Row row(Node node) {
    long learned = node.signature().learned();
    return new Row(
        node.name(),
        Kind.of(node),
        detail(node),
        node.signature().output().toString(),
        learned == 0 ? "" : String.format(Locale.ROOT, "%,d", learned),
        node.name() + ": " + node.layer().key() + " " + LayerFields.of(node.layer()));
  }

  /** Returns a layer's type and window: {@code conv 11×11 /4 pad 2 groups 2}. */
  static String detail(Node node) {
    StringBuilder text = new StringBuilder(node.layer().key());
    Window.of(node.layer())
        .ifPresent(
            window -> {
              text.append(' ').append(window.kernel());
              if (!window.stride().equals(Extent.of(1))) {
                text.append(" /").append(window.stride().h());
                if (window.stride().h() != window.stride().w()) {
                  text.append('×').append(window.stride().w());
                }
              }
              if (!window.pad().isNone()) {
                text.append(" pad ").append(window.pad());
              }
              if (!window.dilation().equals(Extent.of(1))) {
                text.append(" dilation ").append(window.dilation());
              }
            });
    LayerFields.value(node.layer(), "groups", Integer.class)
        .filter(groups -> groups > 1)
        .ifPresent(groups -> text.append(" groups ").append(groups));
    return text.toString();
  }
}
