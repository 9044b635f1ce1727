package org.lamina.network;

import java.util.Collection;
import java.util.Locale;

/** Guesses which name was meant. */
public final class Names {

  private Names() {}

  /**
   * Returns {@code ", did you mean 'x'?"}, or nothing if no candidate is within two edits (one, for
   * names of two or three letters; none, for a single letter).
   */
  public static String suggest(String typed, Collection<String> candidates) {
    int allowed = typed.length() <= 1 ? 0 : typed.length() <= 3 ? 1 : 2;
    String wanted = typed.toLowerCase(Locale.ROOT);
    int nearest = allowed + 1;
    String best = "";
    for (String candidate : candidates) {
      if (Math.abs(candidate.length() - wanted.length()) < nearest) {
        int distance = distance(wanted, candidate.toLowerCase(Locale.ROOT), nearest);
        if (distance < nearest) {
          nearest = distance;
          best = candidate;
        }
      }
    }
    return nearest > allowed ? "" : ", did you mean '" + best + "'?";
  }

  /** Returns what {@link #suggest} does, or else everything that there is. */
  public static String suggestOrList(String typed, Collection<String> known) {
    String suggestion = suggest(typed, known);
    return suggestion.isEmpty() ? "; there are " + String.join(", ", known) : suggestion;
  }

  /** Levenshtein distance, or {@code limit} if it is that or more. */
  private static int distance(String a, String b, int limit) {
    int[] previous = new int[b.length() + 1];
    int[] current = new int[b.length() + 1];
    for (int j = 1; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      current[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
        least = Math.min(least, current[j]);
      }
      if (least >= limit) {
        return limit; // the rows only grow
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return Math.min(limit, previous[b.length()]);
  }
}
