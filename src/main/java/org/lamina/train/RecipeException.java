package org.lamina.train;

import java.util.List;

/** Thrown when a recipe has mistakes; names all of them, each with its place in the file. */
public final class RecipeException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  /** Says what is wrong, one line for each mistake. */
  public RecipeException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /** Returns the mistakes, each {@code file:line:column: what is wrong}. */
  public List<String> problems() {
    return problems;
  }
}
