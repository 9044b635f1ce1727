package org.lamina.data;

/** Thrown when a file of data is bad, missing or cannot be read. */
public class DataException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param problem the file, what is wrong with it, and what to do; no trailing full stop
   */
  public DataException(String problem) {
    super(problem);
  }

  /** Says what is wrong, and which failure led there. */
  public DataException(String problem, Throwable cause) {
    super(problem, cause);
  }
}
