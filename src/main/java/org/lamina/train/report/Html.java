package org.lamina.train.report;

import java.util.Base64;

/** Pieces of a page. */
final class Html {

  private Html() {}

  /** Returns a text as it stands in an element or attribute. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Returns an image that is part of the page. */
  static String image(byte[] png, String what, String style) {
    return "<img alt=\"%s\" class=\"%s\" src=\"data:image/png;base64,%s\">"
        .formatted(escape(what), style, Base64.getEncoder().encodeToString(png));
  }
}
