package org.lamina.yaml;

import java.util.ArrayList;
import java.util.List;

/**
 * What is changed of a network where it is used, after all that its files say.
 *
 * @param let values of variables, each as {@code width=0.5}
 * @param set values of fields, each as {@code conv1.filters=64}, as an edit would set them
 */
public record Overrides(List<String> let, List<String> set) {

  /** Nothing is changed. */
  public static final Overrides NONE = new Overrides(List.of(), List.of());

  /** Copies the lists. */
  public Overrides {
    let = List.copyOf(let);
    set = List.copyOf(set);
  }

  /** Returns these and the value of one more variable, for example {@code width=0.5}. */
  public Overrides andLet(String variable) {
    return new Overrides(appended(let, variable), set);
  }

  /** Returns these and the value of one more field, for example {@code conv1.filters=64}. */
  public Overrides andSet(String field) {
    return new Overrides(let, appended(set, field));
  }

  private static List<String> appended(List<String> list, String last) {
    List<String> all = new ArrayList<>(list);
    all.add(last);
    return all;
  }
}
