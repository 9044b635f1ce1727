package org.lamina.formats.onnx;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.layer.Layer;

/** How each type of layer is written as operators. */
final class Exports {

  /** Adds the nodes of a layer and returns its result. */
  @FunctionalInterface
  interface Rule {
    Result write(Outgoing out);
  }

  private static final Map<Class<?>, Rule> RULES = new HashMap<>();

  static {
    WindowExports.addTo(RULES);
    FunctionExports.addTo(RULES);
    ShapeExports.addTo(RULES);
    MoveExports.addTo(RULES);
  }

  private Exports() {}

  /** Returns the rule of a type of layer, if it can be written. */
  static Optional<Rule> rule(Class<? extends Layer> type) {
    return Optional.ofNullable(RULES.get(type));
  }

  static <L extends Layer> void put(
      Map<Class<?>, Rule> rules, Class<L> type, BiFunction<L, Outgoing, Result> rule) {
    rules.put(type, out -> rule.apply(type.cast(out.node().layer()), out));
  }
}
