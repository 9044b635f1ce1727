package org.lamina.formats.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.formats.onnx.Operand.Activation;

/** The operators that become layers. */
final class Operators {

  /** How a node becomes layers. */
  @FunctionalInterface
  interface Rule {

    /**
     * Adds what the node computes to the network.
     *
     * @return its results in order; those that nobody can read may be missing at the end
     * @throws Unfit if it has no form
     * @throws Call.Demand if it must know an input beforehand
     */
    List<Activation> convert(Call call);
  }

  /** A rule of an operator with one result. */
  @FunctionalInterface
  interface One extends Rule {
    Activation only(Call call);

    @Override
    default List<Activation> convert(Call call) {
      return List.of(only(call));
    }
  }

  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    WindowRules.addTo(RULES);
    FunctionRules.addTo(RULES);
    ArithmeticRules.addTo(RULES);
    MatrixRules.addTo(RULES);
    NormalizationRules.addTo(RULES);
    ShapeRules.addTo(RULES);
    BlockRules.addTo(RULES);
  }

  private Operators() {}

  /** Returns the rule of one of ONNX's own operators, if it becomes layers. */
  static Optional<Rule> rule(String operator) {
    return Optional.ofNullable(RULES.get(operator));
  }

  /** Returns the operators that become layers. */
  static List<String> names() {
    return RULES.keySet().stream().sorted().toList();
  }
}
