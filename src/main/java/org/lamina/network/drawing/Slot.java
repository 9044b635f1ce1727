package org.lamina.network.drawing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A place in a row of the picture: a card, or an edge that passes by. Mutable while laid out. */
final class Slot {

  static final int EDGE_WIDTH = 14;

  private final Optional<Card> card;
  private final int rank;
  private final int width;
  private final List<Slot> above = new ArrayList<>();
  private double x;
  private int position;

  Slot(Optional<Card> card, int rank, int width) {
    this.card = card;
    this.rank = rank;
    this.width = width;
  }

  Optional<Card> card() {
    return card;
  }

  int rank() {
    return rank;
  }

  int width() {
    return width;
  }

  /** Returns the slots it hangs on, in the row above; empty for an edge that is drawn straight. */
  List<Slot> above() {
    return above;
  }

  /** Returns the middle. */
  double x() {
    return x;
  }

  void moveTo(double middle) {
    x = middle;
  }

  /** Returns its number in its row, from the left. */
  int position() {
    return position;
  }

  void number(int number) {
    position = number;
  }

  /** Returns where it would stand if only order mattered. */
  double barycentre() {
    return above.stream().mapToInt(Slot::position).average().orElse(0);
  }
}
