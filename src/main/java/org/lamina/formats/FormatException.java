package org.lamina.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lamina.weights.Printable;

/**
 * Thrown when a network cannot come in from another format or go out to it: its file is wrong, or
 * it has what the other side does not know. Nothing has been written then. What is wrong with
 * tensors alone is a {@link org.lamina.weights.WeightsException}.
 */
public final class FormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Unsupported> unsupported;

  /**
   * Says what is wrong.
   *
   * @param problem where (file, then line, byte or node), what is wrong with which value, and a
   *     rule or hint; no trailing full stop. What a file says goes through {@link Printable}
   */
  public FormatException(String problem) {
    super(problem);
    unsupported = List.of();
  }

  /** Says what is wrong, and which failure led there. */
  public FormatException(String problem, Throwable cause) {
    super(problem, cause);
    unsupported = List.of();
  }

  private FormatException(String problem, List<Unsupported> unsupported) {
    super(problem);
    this.unsupported = List.copyOf(unsupported);
  }

  /**
   * Returns an exception that lists everything that has no form on the other side.
   *
   * @param file what was to be read or written
   * @param format the other side
   * @param all at least one
   */
  public static FormatException unsupported(Path file, String format, List<Unsupported> all) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d of the nodes cannot be carried over (%s)".formatted(file, all.size(), format));
    for (Unsupported one : all) {
      lines.add(
          "  %s (%s): %s"
              .formatted(Printable.text(one.node()), Printable.text(one.operator()), one.reason()));
    }
    return new FormatException(String.join("\n", lines), all);
  }

  /** Returns what has no form on the other side; empty if something else is wrong. */
  public List<Unsupported> unsupported() {
    return unsupported;
  }
}
