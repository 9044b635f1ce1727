package org.lamina.benchmarks;

/** Something that is measured. */
interface Case {

  /** Returns the word that selects it. */
  String name();

  /** Returns what is done. */
  String work();

  /** Returns beside whom, or beside what. */
  String peer();

  /** Returns what is to be reached. */
  Goal goal();

  /**
   * Measures it.
   *
   * @throws Unavailable if it cannot be measured here
   */
  Row run(Settings settings);

  /** Makes a row of this case. */
  default Row row(Row.Result result, String note) {
    return new Row(name(), work(), peer(), goal(), java.util.Optional.of(result), note);
  }

  /** Thrown when a case cannot be measured; the message says why. */
  final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unavailable(String message) {
      super(message);
    }
  }
}
