package org.lamina.formats.caffe;

import org.lamina.formats.caffe.Token.Kind;
import org.lamina.formats.caffe.Token.Place;

/** Splits the text format into words; {@code #} begins a comment. */
final class Tokens {

  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;
  private Token next;

  Tokens(String text) {
    this.text = text;
    next = scan();
  }

  /** Returns the next word, which stays. */
  Token peek() {
    return next;
  }

  /** Returns the next word and moves on; at the end, the end again. */
  Token take() {
    Token taken = next;
    next = scan();
    return taken;
  }

  /** Takes the next word if it is this symbol; returns whether it was. */
  boolean skip(String symbol) {
    if (next.is(symbol)) {
      take();
      return true;
    }
    return false;
  }

  private Token scan() {
    skipSpace();
    Place place = new Place(line, at - lineStart + 1);
    if (at == text.length()) {
      return new Token(Kind.END, "", place);
    }
    char first = text.charAt(at);
    if (first == '"' || first == '\'') {
      return quoted(first, place);
    }
    int begin = at;
    if (isLetter(first)) {
      while (at < text.length() && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
        at++;
      }
      return new Token(Kind.NAME, text.substring(begin, at), place);
    }
    if (isDigit(first) || first == '.') {
      skipNumber();
      return new Token(Kind.NUMBER, text.substring(begin, at), place);
    }
    if ("{}<>[]:;,-".indexOf(first) < 0) {
      throw new SyntaxFault(place, "'%s' has no meaning here".formatted(first));
    }
    at++;
    return new Token(Kind.SYMBOL, String.valueOf(first), place);
  }

  private void skipSpace() {
    boolean comment = false;
    for (; at < text.length(); at++) {
      char unit = text.charAt(at);
      if (unit == '\n') {
        line++;
        lineStart = at + 1;
        comment = false;
      } else if (unit == '#') {
        comment = true;
      } else if (!comment && unit != ' ' && unit != '\t' && unit != '\r' && unit != '\uFEFF') {
        return;
      }
    }
  }

  private Token quoted(char quote, Place place) {
    int begin = ++at;
    while (at < text.length() && text.charAt(at) != quote && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    if (at >= text.length() || text.charAt(at) != quote) {
      throw new SyntaxFault(place, "the text that begins here has no closing quote");
    }
    return new Token(Kind.TEXT, text.substring(begin, at++), place);
  }

  private void skipNumber() {
    boolean hex = text.startsWith("0x", at) || text.startsWith("0X", at);
    char before = 0;
    for (; at < text.length(); at++) {
      char unit = text.charAt(at);
      boolean sign = (unit == '+' || unit == '-') && (before == 'e' || before == 'E') && !hex;
      if (!isLetter(unit) && !isDigit(unit) && unit != '.' && !sign) {
        return;
      }
      before = unit;
    }
  }

  private static boolean isLetter(char unit) {
    return (unit >= 'a' && unit <= 'z') || (unit >= 'A' && unit <= 'Z') || unit == '_';
  }

  private static boolean isDigit(char unit) {
    return unit >= '0' && unit <= '9';
  }
}
