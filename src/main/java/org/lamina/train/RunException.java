package org.lamina.train;

/** Thrown when a run cannot begin or go on because of its folder; says what to do. */
public final class RunException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong. */
  public RunException(String message) {
    super(message);
  }

  /** Says what is wrong, and why. */
  public RunException(String message, Throwable cause) {
    super(message, cause);
  }
}
