package org.lamina.yaml;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.yaml.Value.Scalar;

/**
 * What a scalar stands for, by the core schema of YAML 1.2 (section 10.3): {@code no}, {@code 1:30}
 * and {@code 2012-09-30} are words, {@code 010} is ten.
 */
sealed interface Literal {

  /** A number; infinities and NaN are not numbers here. */
  record Number(Fraction value) implements Literal {
    @Override
    public String toString() {
      return value.toString();
    }
  }

  /** True or false. */
  record Truth(boolean value) implements Literal {
    @Override
    public String toString() {
      return String.valueOf(value);
    }
  }

  /** Any other text. */
  record Text(String value) implements Literal {
    @Override
    public String toString() {
      return "'" + value + "'";
    }
  }

  /** A decimal number, or digits in base 8 or 16. */
  Pattern NUMBER =
      Pattern.compile(
          "[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
              + "|0o(?<octal>[0-7]+)|0x(?<hex>[0-9a-fA-F]+)");

  /**
   * Returns what a scalar that is not an expression stands for.
   *
   * @throws Fault if it is a number with too many digits
   */
  static Literal of(Scalar scalar) {
    String text = scalar.text();
    if (!scalar.plain() || text.isEmpty()) {
      return new Text(text);
    }
    if (text.matches("true|True|TRUE|false|False|FALSE")) {
      return new Truth(Boolean.parseBoolean(text));
    }
    if (text.length() > 1000 || !"+-.0123456789".contains(text.substring(0, 1))) {
      return new Text(text);
    }
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      return new Text(text);
    }
    try {
      return new Number(number(text, matcher));
    } catch (ArithmeticException e) {
      throw new Fault(scalar.place(), e.getMessage());
    }
  }

  private static Fraction number(String text, Matcher matcher) {
    if (matcher.group("octal") != null) {
      return new Fraction(new BigInteger(matcher.group("octal"), 8), BigInteger.ONE);
    }
    if (matcher.group("hex") != null) {
      return new Fraction(new BigInteger(matcher.group("hex"), 16), BigInteger.ONE);
    }
    return Fraction.of(text);
  }
}
