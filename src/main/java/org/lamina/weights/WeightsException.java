package org.lamina.weights;

import java.nio.file.Path;
import java.util.Locale;

/** Thrown when a file of tensors is bad, cannot be read or written, or does not fit a network. */
public final class WeightsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param problem where the tensors come from, what is wrong, and what to do; no trailing full
   *     stop
   */
  public WeightsException(String problem) {
    super(problem);
  }

  /** Says what is wrong, and which failure led there. */
  public WeightsException(String problem, Throwable cause) {
    super(problem, cause);
  }

  /** Returns an exception that says which byte of a file is wrong. */
  public static WeightsException at(Path file, long offset, String problem, Object... values) {
    return new WeightsException(
        String.format(
            Locale.ROOT,
            "%s: byte %d: %s",
            file,
            offset,
            values.length == 0 ? problem : String.format(Locale.ROOT, problem, values)));
  }
}
