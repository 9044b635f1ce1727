package org.lamina.engine;

/** Floats that tasks need besides their tensors; mutable while a graph is made. */
final class Storage {

  private final long floats;
  private int first = Integer.MAX_VALUE;
  private int last = Integer.MIN_VALUE;

  Storage(long floats) {
    this.floats = floats;
  }

  long floats() {
    return floats;
  }

  int first() {
    return first;
  }

  int last() {
    return last;
  }

  void touch(int task) {
    first = Math.min(first, task);
    last = Math.max(last, task);
  }
}
