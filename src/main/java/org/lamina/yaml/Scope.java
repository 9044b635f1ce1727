package org.lamina.yaml;

import org.lamina.yaml.Value.Scalar;

/** What the names in an expression stand for. */
interface Scope {

  /**
   * Returns the value of a name.
   *
   * @param at where it is named
   * @throws Fault if there is no such name or its own definition is at fault
   */
  Literal get(String name, Place at);

  /**
   * Returns what a scalar stands for, be it an expression or not.
   *
   * @throws Fault if an expression cannot be evaluated
   */
  default Literal resolve(Scalar scalar) {
    return scalar.isExpression() ? new Expression(scalar, this).evaluate() : Literal.of(scalar);
  }
}
