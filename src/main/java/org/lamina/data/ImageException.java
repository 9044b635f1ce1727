package org.lamina.data;

import java.nio.file.Path;
import java.util.Locale;

/** Thrown when a file is no picture, a damaged one, or one that cannot be used. */
public final class ImageException extends DataException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param problem the file, what is wrong with it, and what to do; no trailing full stop
   */
  public ImageException(String problem) {
    super(problem);
  }

  /** Says what is wrong, and which failure led there. */
  public ImageException(String problem, Throwable cause) {
    super(problem, cause);
  }

  /** Returns an exception about a file; the message is formatted without regard to the locale. */
  static ImageException of(Path file, String problem, Object... values) {
    return new ImageException(
        file + ": " + (values.length == 0 ? problem : String.format(Locale.ROOT, problem, values)));
  }
}
