package org.lamina.formats.caffe;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.TextFormat;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.lamina.formats.caffe.Token.Kind;
import org.lamina.network.Names;
import org.lamina.weights.Printable;

/** Values of the text format that are no messages, by the type that the schema gives them. */
final class Scalars {

  private static final Map<String, Boolean> TRUTHS =
      Map.of(
          "true", true, "True", true, "t", true, "1", true, "false", false, "False", false, "f",
          false, "0", false);

  private Scalars() {}

  /**
   * Takes the words of a value.
   *
   * @throws SyntaxFault if they are not of the field's type; has taken them all the same
   */
  static Object read(Tokens tokens, FieldDescriptor field) {
    boolean negative = tokens.skip("-");
    Token token = tokens.take();
    String text = (negative ? "-" : "") + token.text();
    if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
      return text(tokens, token, negative);
    }
    if (token.kind() != Kind.NUMBER && token.kind() != Kind.NAME) {
      throw fault(token, "a value", token.shown());
    }
    return switch (field.getJavaType()) {
      case INT -> integer(token, text, field).intValue();
      case LONG -> integer(token, text, field).longValue();
      case FLOAT -> (float) number(token, text);
      case DOUBLE -> number(token, text);
      case BOOLEAN -> truth(token, text);
      case ENUM -> constant(token, text, field.getEnumType());
      default -> throw new AssertionError("no text of type " + field.getJavaType());
    };
  }

  private static String text(Tokens tokens, Token first, boolean negative) {
    if (first.kind() != Kind.TEXT || negative) {
      throw fault(first, "text in quotes", first.shown());
    }
    try {
      StringBuilder text = new StringBuilder(TextFormat.unescapeBytes(first.text()).toStringUtf8());
      while (tokens.peek().kind() == Kind.TEXT) {
        text.append(TextFormat.unescapeBytes(tokens.take().text()).toStringUtf8());
      }
      return text.toString();
    } catch (TextFormat.InvalidEscapeSequenceException e) {
      throw new SyntaxFault(
          first.place(), "holds an escape that does not exist in " + Printable.text(first.shown()));
    }
  }

  private static BigInteger integer(Token token, String text, FieldDescriptor field) {
    boolean unsigned = field.getType() == FieldDescriptor.Type.UINT32;
    BigInteger value;
    try {
      value = new BigInteger(text.length() > 40 ? "?" : decimal(text), radix(token.text()));
    } catch (NumberFormatException e) {
      throw fault(token, "a whole number", "'" + text + "'");
    }
    int bits = field.getJavaType() == FieldDescriptor.JavaType.INT ? 31 : 63;
    if (value.bitLength() > bits || (unsigned && value.signum() < 0)) {
      throw new SyntaxFault(
          token.place(),
          String.format(
              Locale.ROOT,
              "must be from %s to 2^%d - 1, but is %s",
              unsigned ? "0" : "-2^" + bits,
              bits,
              text));
    }
    return value;
  }

  private static int radix(String digits) {
    if (digits.startsWith("0x") || digits.startsWith("0X")) {
      return 16;
    }
    return digits.startsWith("0") ? 8 : 10;
  }

  private static String decimal(String text) {
    return text.replaceFirst("0[xX]", "");
  }

  private static double number(Token token, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    switch (lower) {
      case "inf", "infinity", "-inf", "-infinity", "nan", "-nan" ->
          throw fault(token, "a finite number", text);
      default -> {
        if (lower.matches("-?[0-9]*\\.?[0-9]*(e[+-]?[0-9]+)?f?") && lower.length() < 60) {
          try {
            double value = Double.parseDouble(lower);
            if (Double.isFinite((float) value)) {
              return value;
            }
          } catch (NumberFormatException e) {
            // A dot alone: reported below.
          }
        }
        throw fault(token, "a finite number", "'" + text + "'");
      }
    }
  }

  private static boolean truth(Token token, String text) {
    Boolean value = TRUTHS.get(text);
    if (value == null) {
      throw fault(token, "true or false", "'" + text + "'");
    }
    return value;
  }

  private static EnumValueDescriptor constant(Token token, String text, EnumDescriptor type) {
    EnumValueDescriptor value =
        token.kind() == Kind.NAME
            ? type.findValueByName(text)
            : text.matches("[0-9]{1,9}") ? type.findValueByNumber(Integer.parseInt(text)) : null;
    if (value == null) {
      List<String> known = type.getValues().stream().map(EnumValueDescriptor::getName).toList();
      String shown = Printable.text(text);
      throw new SyntaxFault(
          token.place(), "knows no '%s'%s".formatted(shown, Names.suggestOrList(shown, known)));
    }
    return value;
  }

  private static SyntaxFault fault(Token token, String wanted, String found) {
    return new SyntaxFault(
        token.place(), "must be %s, but is %s".formatted(wanted, Printable.text(found)));
  }
}
