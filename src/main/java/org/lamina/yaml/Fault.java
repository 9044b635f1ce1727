package org.lamina.yaml;

/** One mistake in a file, on its way to the {@link Problems}; never leaves this package. */
final class Fault extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Place place;

  Fault(Place place, String problem) {
    // A hostile file can cause many of these: no stack trace, it would only cost time.
    super(problem, null, false, false);
    this.place = place;
  }

  Place place() {
    return place;
  }
}
