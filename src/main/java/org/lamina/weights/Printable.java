package org.lamina.weights;

import java.util.Locale;

/** Shows text that a stranger wrote, in messages. */
public final class Printable {

  private static final int LONGEST = 100;

  private Printable() {}

  /**
   * Returns the text with control characters as {@code \}{@code u001b}, shortened in the middle if
   * it is very long, so that no file name's neighbour can move the cursor of a terminal.
   */
  public static String text(String text) {
    String shown =
        text.length() <= LONGEST
            ? text
            : text.substring(0, LONGEST / 2) + "…" + text.substring(text.length() - LONGEST / 2);
    StringBuilder printable = new StringBuilder();
    shown
        .chars()
        .forEach(
            unit -> {
              if (Character.isISOControl(unit) || Character.getType(unit) == Character.FORMAT) {
                printable.append(String.format(Locale.ROOT, "\\u%04x", unit));
              } else {
                printable.append((char) unit);
              }
            });
    return printable.toString();
  }
}
