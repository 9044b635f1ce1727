package org.lamina.benchmarks;

/** One side of a comparison: does the same work again and again. */
interface Contender extends AutoCloseable {

  /** Returns what it is called in the table. */
  String name();

  /** Does the work once and waits for the result. */
  void run();

  /** Returns the result of the last run, [batch, …] as NCHW. */
  float[] result();

  @Override
  void close();
}
