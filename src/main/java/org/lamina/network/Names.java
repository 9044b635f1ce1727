package org.lamina.network;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses which name was meant. */
public final class Names {

  private Names() {}

  /**
   * Returns {@code ", did you mean 'x'?"}, or nothing if no candidate is within two edits; one, for
   * names of two or three letters, and none for single letters.
   */
  public static String suggest(String typed, Collection<String> candidates) {
    int allowed = typed.length() <= 1 ? 0 : typed.length() <= 3 ? 1 : 2;
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> distance(typed, candidate)))
        .filter(best -> distance(typed, best) <= allowed)
        .map(best -> ", did you mean '" + best + "'?")
        .orElse("");
  }

  /** Levenshtein distance, ignoring case. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
