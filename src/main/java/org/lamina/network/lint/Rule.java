package org.lamina.network.lint;

import java.util.function.Consumer;

/** Looks for one kind of mistake at one layer. */
@FunctionalInterface
interface Rule {

  /** Reports what it finds at a place; nothing most of the time. */
  void check(Spot spot, Consumer<Advice> found);

  /**
   * What is found.
   *
   * @param why one sentence
   * @param remedy what to do
   */
  record Advice(String why, String remedy) {}

  /** Reports advice. */
  static void report(Consumer<Advice> found, String why, String remedy) {
    found.accept(new Advice(why, remedy));
  }
}
