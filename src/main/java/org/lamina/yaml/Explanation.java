package org.lamina.yaml;

import java.util.List;

/**
 * Where a value of a network comes from.
 *
 * @param path what was asked for, for example {@code conv2.groups}
 * @param value what it is, worked out
 * @param steps everything that set it, in order: of each depth, the last wins
 */
public record Explanation(String path, String value, List<Step> steps) {

  /** Copies the list. */
  public Explanation {
    steps = List.copyOf(steps);
  }

  /**
   * One place that set the value, or a variable or argument that the value names.
   *
   * @param depth 0 for the value itself, 1 for what it names, 2 for what that names, and so on
   * @param place {@code file:line:column}, or {@code --set 1:14}, or {@code default}
   * @param text what is said there
   */
  public record Step(int depth, String place, String text) {}
}
