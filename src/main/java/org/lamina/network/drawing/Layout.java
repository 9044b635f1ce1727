package org.lamina.network.drawing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where everything stands: a layered drawing after Sugiyama, Tagawa and Toda (1981).
 *
 * <p>A card stands one row below the lowest that it reads. An edge that passes rows takes a narrow
 * slot in each. Slots of a row are ordered by those above them. A card with one reader above stands
 * under it, one that joins branches under the card where these began, so that the trunk of a
 * residual network is a straight line; where slots would overlap they are moved apart by the least
 * squares that keep the order.
 */
final class Layout {

  private static final int GAP = 26;

  /** Edges pass so many rows in all; further ones are drawn straight. */
  private static final int MAX_PASSING = 100_000;

  private static final double EDGE_WEIGHT = 1e-6;

  /**
   * An edge of the picture.
   *
   * @param through the slots from the card that is read to the card that reads
   */
  record Edge(List<Slot> through) {}

  private final Map<Card, Slot> slots = new LinkedHashMap<>();
  private final List<List<Slot>> rows = new ArrayList<>();
  private final List<Edge> edges = new ArrayList<>();
  private final Map<Card, Optional<Card>> dominators = new HashMap<>();
  private final int cardWidth;
  private int passing;

  Layout(List<Card> cards, int cardWidth) {
    this.cardWidth = cardWidth;
    for (Card card : cards) {
      int rank = card.from().stream().mapToInt(f -> slots.get(f).rank() + 1).max().orElse(0);
      slots.put(card, add(new Slot(Optional.of(card), rank, cardWidth)));
      dominators.put(card, dominator(card));
    }
    for (Card card : cards) {
      card.from().forEach(from -> edges.add(edge(slots.get(from), slots.get(card))));
    }
    rows.forEach(Layout::order);
    rows.forEach(this::place);
  }

  private Slot add(Slot slot) {
    while (rows.size() <= slot.rank()) {
      rows.add(new ArrayList<>());
    }
    rows.get(slot.rank()).add(slot);
    return slot;
  }

  private Edge edge(Slot from, Slot to) {
    List<Slot> through = new ArrayList<>(List.of(from));
    int rowsPassed = to.rank() - from.rank() - 1;
    if (passing + rowsPassed <= MAX_PASSING) {
      passing += rowsPassed;
      for (int rank = from.rank() + 1; rank < to.rank(); rank++) {
        Slot slot = add(new Slot(Optional.empty(), rank, Slot.EDGE_WIDTH));
        slot.above().add(through.get(through.size() - 1));
        through.add(slot);
      }
      to.above().add(through.get(through.size() - 1));
    }
    through.add(to);
    return new Edge(List.copyOf(through));
  }

  /** Returns the nearest card that every way from the inputs to this one passes. */
  private Optional<Card> dominator(Card card) {
    Optional<Card> common = card.from().stream().findFirst();
    for (Card from : card.from()) {
      Optional<Card> other = Optional.of(from);
      while (!common.equals(other)) {
        if (depth(common) >= depth(other)) {
          common = common.flatMap(dominators::get);
        } else {
          other = other.flatMap(dominators::get);
        }
      }
    }
    return common;
  }

  private int depth(Optional<Card> card) {
    return card.map(c -> slots.get(c).rank()).orElse(-1);
  }

  private static void order(List<Slot> row) {
    row.sort(
        Comparator.comparingDouble(Slot::barycentre)
            .thenComparing(slot -> slot.card().isEmpty())); // an edge passes on the right
    for (int i = 0; i < row.size(); i++) {
      row.get(i).number(i);
    }
  }

  private double wanted(Slot slot) {
    Optional<Slot> origin =
        slot.above().size() > 1
            ? slot.card().flatMap(dominators::get).map(slots::get)
            : Optional.empty();
    return origin
        .map(Slot::x)
        .orElseGet(() -> slot.above().stream().mapToDouble(Slot::x).average().orElse(0));
  }

  /**
   * Places a row: minimises the weighted squares of distances to the wanted places, by pooling
   * adjacent violators.
   */
  private void place(List<Slot> row) {
    List<Block> blocks = new ArrayList<>();
    double offset = 0;
    for (int i = 0; i < row.size(); i++) {
      offset += i == 0 ? 0 : distance(row.get(i - 1), row.get(i));
      double weight = row.get(i).card().isPresent() ? 1 : EDGE_WEIGHT;
      Block block = new Block(wanted(row.get(i)) - offset, weight, 1);
      while (!blocks.isEmpty() && blocks.get(blocks.size() - 1).at() > block.at()) {
        block = blocks.remove(blocks.size() - 1).with(block);
      }
      blocks.add(block);
    }
    int i = 0;
    offset = 0;
    for (Block block : blocks) {
      for (int k = 0; k < block.slots(); k++, i++) {
        offset += i == 0 ? 0 : distance(row.get(i - 1), row.get(i));
        row.get(i).moveTo(Math.rint(block.at() + offset));
      }
    }
  }

  private static double distance(Slot left, Slot right) {
    return (left.width() + right.width()) / 2.0 + GAP;
  }

  /** Slots that touch each other. */
  private record Block(double at, double weight, int slots) {
    Block with(Block next) {
      double sum = weight + next.weight;
      return new Block((at * weight + next.at * next.weight) / sum, sum, slots + next.slots);
    }
  }

  List<List<Slot>> rows() {
    return rows;
  }

  List<Edge> edges() {
    return edges;
  }

  Slot slot(Card card) {
    return slots.get(card);
  }

  int cardWidth() {
    return cardWidth;
  }
}
