package org.lamina.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes plain values in YAML's flow style: {@code {name: conv1, kernel: [3, 5]}}. */
final class FlowText {

  /**
   * What the core schema of YAML 1.2 takes for nothing or a truth value, and what ends as a key.
   */
  private static final Pattern NOT_A_WORD =
      Pattern.compile("null|Null|NULL|true|True|TRUE|false|False|FALSE|.*:");

  private FlowText() {}

  /** Returns a number, a truth value, a word, a list or a mapping as YAML. */
  static String of(Object value) {
    if (value instanceof Map<?, ?> map) {
      return map.entrySet().stream()
          .map(entry -> text((String) entry.getKey()) + ": " + of(entry.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    } else if (value instanceof List<?> list) {
      return list.stream().map(FlowText::of).collect(Collectors.joining(", ", "[", "]"));
    } else if (value instanceof Double number) {
      return number(number);
    }
    return value instanceof String text ? text(text) : String.valueOf(value);
  }

  /** Returns any text as YAML, in quotes if it needs them. */
  static String text(String text) {
    return ItemReader.NAME.matcher(text).matches()
        ? word(text)
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String word(String word) {
    boolean quoted = NOT_A_WORD.matcher(word).matches() || Literal.NUMBER.matcher(word).matches();
    return quoted ? '"' + word + '"' : word; // no name has a quote or a backslash
  }

  /**
   * Returns a name as YAML.
   *
   * @throws IllegalArgumentException if the language does not allow it
   */
  static String name(String name) {
    return word(checked(name));
  }

  /**
   * Returns the name itself.
   *
   * @throws IllegalArgumentException if the language does not allow it
   */
  static String checked(String name) {
    if (!ItemReader.NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a name in YAML must be 1 to 200 letters, digits or _ . / : + - and begin with a letter, a digit or _, but is '%s'"
              .formatted(name));
    }
    return name;
  }

  /** Returns the shortest decimal number that is nearest to no other double. */
  private static String number(double value) {
    if (!Double.isFinite(value) || Double.doubleToRawLongBits(value) == Long.MIN_VALUE) {
      throw new IllegalArgumentException("a number in YAML cannot be " + value);
    }
    BigDecimal exact = new BigDecimal(value);
    BigDecimal shortest = exact;
    for (int digits = 1; digits <= 17; digits++) {
      shortest = exact.round(new MathContext(digits));
      if (shortest.doubleValue() == value) {
        break;
      }
    }
    shortest = shortest.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (shortest.signum() == 0 || (exponent >= -3 && exponent < 9)) {
      return shortest.toPlainString();
    }
    BigInteger digits = shortest.unscaledValue();
    BigDecimal mantissa = new BigDecimal(digits, shortest.precision() - 1);
    String text = mantissa.toPlainString();
    return String.format(Locale.ROOT, "%s%se%d", text, text.contains(".") ? "" : ".0", exponent);
  }
}
