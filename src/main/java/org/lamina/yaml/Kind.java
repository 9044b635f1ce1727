package org.lamina.yaml;

import java.util.Locale;
import java.util.Optional;
import org.lamina.yaml.Value.Scalar;

/** What a variable or an argument may be. */
enum Kind {
  BOOL("true or false"),
  INT("a whole number"),
  FLOAT("a number"),
  WORD("a word");

  private final String wanted;

  Kind(String wanted) {
    this.wanted = wanted;
  }

  /** Returns the type that a word names, such as {@code int}. */
  static Optional<Kind> named(Value value) {
    if (value instanceof Scalar scalar && scalar.plain()) {
      for (Kind kind : values()) {
        if (kind.name().toLowerCase(Locale.ROOT).equals(scalar.text())) {
          return Optional.of(kind);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Returns the type of what is declared with a value. A number with a point or an exponent may be
   * any number, and so may the result of an expression.
   *
   * @param literal what the value stands for
   */
  static Kind of(Value value, Literal literal) {
    if (literal instanceof Literal.Truth) {
      return BOOL;
    }
    if (literal instanceof Literal.Text) {
      return WORD;
    }
    boolean whole = value instanceof Scalar scalar && scalar.text().matches("[-+]?[0-9]+|0[ox].*");
    return whole ? INT : FLOAT;
  }

  /**
   * Refuses what is of another type.
   *
   * @param literal what the value stands for
   * @throws Fault if it is
   */
  void require(String name, Literal literal, Value value) {
    boolean fits =
        switch (this) {
          case BOOL -> literal instanceof Literal.Truth;
          case INT -> literal instanceof Literal.Number number && number.value().isWhole();
          case FLOAT -> literal instanceof Literal.Number;
          case WORD -> literal instanceof Literal.Text;
        };
    if (!fits) {
      boolean computed = value instanceof Scalar scalar && scalar.isExpression();
      throw new Fault(
          value.place(),
          computed
              ? "%s must be %s, but %s is %s"
                  .formatted(name, wanted, ((Scalar) value).text(), literal)
              : "%s must be %s, but is %s".formatted(name, wanted, value.describe()));
    }
  }
}
