package org.lamina.formats.cfg;

/** A section has no form here, and why; never leaves the package. */
final class Unfit extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Unfit(String reason) {
    super(reason, null, false, false);
  }

  /** Throws unless something holds. */
  static void unless(boolean holds, String reason, Object... values) {
    if (!holds) {
      throw new Unfit(reason.formatted(values));
    }
  }
}
