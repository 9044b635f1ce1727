package org.lamina.yaml;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Thrown when a network file is wrong; says everything that is, up to 50 mistakes, each at its line
 * and column.
 *
 * <pre>
 * alexnet.yaml:8:41: layer 'conv1': stride must be at least 1, but is 0×0
 *   - conv: {name: conv1, filters: 96, stride: 0}
 *                                              ^
 * </pre>
 */
public final class NetworkFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * One mistake.
   *
   * @param file the file as messages name it
   * @param line counted from 1; 0 if it is the file as a whole
   * @param column counted from 1, in code points; 0 if it is the file as a whole
   * @param message what is wrong; begins with the layer if it is one
   * @param excerpt the line and a caret under the column, separated by a line feed, and for what
   *     does not fit by its shape a line for each layer that led there; empty if it is the file as
   *     a whole
   */
  public record Problem(String file, int line, int column, String message, String excerpt) {

    /** Returns {@code file:line:column: message}, the line and the caret. */
    @Override
    public String toString() {
      return line == 0
          ? file + ": " + message
          : at(file, line, column) + ": " + message + "\n" + excerpt;
    }

    /** Returns {@code file:line:column}, or {@code --set 2:12} for the second of such options. */
    static String at(String file, int line, int column) {
      return file + (file.startsWith("--") ? " " : ":") + line + ":" + column;
    }
  }

  NetworkFileException(List<Problem> problems) {
    super(text(problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns an exception about a file as a whole. */
  static NetworkFileException of(String file, String problem) {
    return new NetworkFileException(List.of(new Problem(file, 0, 0, problem, "")));
  }

  /** Returns the mistakes in the order in which they were found. */
  public List<Problem> problems() {
    return problems;
  }

  private static String text(List<Problem> problems) {
    return problems.stream()
        .sorted(
            Comparator.comparing(Problem::file)
                .thenComparing(Problem::line)
                .thenComparing(Problem::column))
        .map(Problem::toString)
        .collect(Collectors.joining("\n"));
  }
}
