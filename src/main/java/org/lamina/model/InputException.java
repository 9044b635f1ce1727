package org.lamina.model;

/** Thrown when tensors do not fit the inputs of a network; names all that do not. */
public final class InputException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param problem which tensors do not fit which inputs, and how; no trailing full stop
   */
  public InputException(String problem) {
    super(problem);
  }
}
