package org.lamina.cli;

import java.util.Locale;

/** SVG that is being written, line by line. */
final class SvgText {

  private final StringBuilder text = new StringBuilder();

  /** Adds a line, formatted the same in every locale. */
  void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Returns a text as it must be written between tags. */
  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  /** Returns a text with at most some characters. */
  static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
