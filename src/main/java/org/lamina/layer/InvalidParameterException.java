package org.lamina.layer;

/** Thrown when a layer parameter is out of range or does not fit the layer's input. */
public final class InvalidParameterException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final String parameter;

  /**
   * Says which parameter is wrong, and how.
   *
   * @param parameter the key of the parameter at fault, as it is spelled in YAML; {@code from} for
   *     the layer's inputs
   * @param problem what is wrong, with the offending value; no trailing full stop
   */
  public InvalidParameterException(String parameter, String problem) {
    super(problem);
    this.parameter = parameter;
  }

  /** Returns the YAML key of the parameter at fault, so that a reader can point at its line. */
  public String parameter() {
    return parameter;
  }
}
