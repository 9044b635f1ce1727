package org.lamina.yaml;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.yaml.Value.Scalar;

/**
 * An arithmetic expression, such as {@code =96*width}.
 *
 * <pre>
 *   expression = "=" sum
 *   sum        = product { ("+" | "-") product }
 *   product    = factor { ("*" | "/") factor }
 *   factor     = { "-" } ( number | name | "(" sum ")" )
 * </pre>
 *
 * <p>Numbers are exact (see {@link Fraction}). An expression that is just a name may also stand for
 * a word or a truth value.
 */
final class Expression {

  private static final int MAX_LENGTH = 200;

  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
              + "|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<sign>[-+*/()])|(?<end>$))");

  private final Scalar scalar;
  private final Scope scope;
  private final String text;
  private final Matcher token;

  Expression(Scalar scalar, Scope scope) {
    this.scalar = scalar;
    this.scope = scope;
    text = scalar.text().substring(1);
    token = TOKEN.matcher(text);
  }

  /**
   * Returns the value.
   *
   * @throws Fault if the expression is not well formed, names an unknown variable, divides by zero
   *     or calculates with what is not a number
   */
  Literal evaluate() {
    if (text.length() > MAX_LENGTH) {
      throw new Fault(
          scalar.place(),
          "an expression may have %d characters, but this has %d"
              .formatted(MAX_LENGTH, text.length()));
    }
    advance(0);
    Literal result = sum();
    if (token.group("end") == null) {
      throw fault("'%s' cannot follow here".formatted(token.group().strip()));
    }
    return result;
  }

  private Literal sum() {
    Literal left = product();
    while (is("+") || is("-")) {
      boolean minus = is("-");
      int at = start();
      next();
      Fraction right = number(product(), at);
      Fraction first = number(left, at);
      left = compute(at, () -> first.plus(minus ? right.negated() : right));
    }
    return left;
  }

  private Literal product() {
    Literal left = factor();
    while (is("*") || is("/")) {
      boolean over = is("/");
      int at = start();
      next();
      Fraction right = number(factor(), at);
      Fraction first = number(left, at);
      left = compute(at, () -> over ? first.dividedBy(right) : first.times(right));
    }
    return left;
  }

  private Literal factor() {
    int at = start();
    boolean minus = false;
    boolean signed = false;
    while (is("-")) {
      minus = !minus;
      signed = true;
      next();
    }
    Literal value = operand();
    if (!signed) {
      return value;
    }
    Fraction number = number(value, at);
    return new Literal.Number(minus ? number.negated() : number);
  }

  private Literal operand() {
    int at = start();
    String number = token.group("number");
    String name = token.group("name");
    if (number != null) {
      next();
      return compute(at, () -> Fraction.of(number));
    }
    if (name != null) {
      next();
      return scope.get(name, place(at));
    }
    if (!is("(")) {
      throw fault(
          token.group("end") != null
              ? "a number or a variable must follow here"
              : "a number or a variable must stand here, not '%s'"
                  .formatted(token.group().strip()));
    }
    next();
    Literal inner = sum();
    if (!is(")")) {
      throw fault("a ')' is missing here");
    }
    next();
    return inner;
  }

  private interface Arithmetic {
    Fraction compute();
  }

  private Literal compute(int at, Arithmetic arithmetic) {
    try {
      return new Literal.Number(arithmetic.compute());
    } catch (ArithmeticException e) {
      throw new Fault(place(at), e.getMessage() + " in " + scalar.text());
    }
  }

  private Fraction number(Literal value, int at) {
    if (value instanceof Literal.Number number) {
      return number.value();
    }
    throw new Fault(place(at), "only numbers can be calculated with, not " + value);
  }

  private boolean is(String sign) {
    return sign.equals(token.group("sign"));
  }

  private int start() {
    return token.end() - token.group().stripLeading().length();
  }

  private void next() {
    advance(token.end());
  }

  private void advance(int from) {
    token.region(from, text.length());
    if (!token.lookingAt()) {
      int at = from;
      while (Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      String character = new String(Character.toChars(text.codePointAt(at)));
      throw new Fault(place(at), "'%s' cannot stand in an expression".formatted(character));
    }
  }

  private Fault fault(String problem) {
    return new Fault(place(start()), problem);
  }

  /** Returns the place of a character of the text, if the expression stands on one line. */
  private Place place(int index) {
    Place start = scalar.place();
    int before = (scalar.plain() ? 1 : 2) + text.codePointCount(0, Math.min(index, text.length()));
    String line = start.source().line(start.line());
    return line.contains(scalar.text()) ? start.right(before) : start;
  }
}
