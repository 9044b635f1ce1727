package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.formats.onnx.Outgoing.Result;
import org.lamina.layer.Add;
import org.lamina.layer.Concat;
import org.lamina.layer.Divide;
import org.lamina.layer.Flatten;
import org.lamina.layer.Layer;
import org.lamina.layer.Maximum;
import org.lamina.layer.Minimum;
import org.lamina.layer.Multiply;
import org.lamina.layer.PadChannels;
import org.lamina.layer.Subtract;

/** Layers that join or move elements, as operators. */
final class ShapeExports {

  private ShapeExports() {}

  static void addTo(Map<Class<?>, Exports.Rule> rules) {
    join(rules, Add.class, "Add");
    join(rules, Multiply.class, "Mul");
    join(rules, Subtract.class, "Sub");
    join(rules, Divide.class, "Div");
    join(rules, Maximum.class, "Max");
    join(rules, Minimum.class, "Min");
    Exports.put(
        rules,
        Concat.class,
        (layer, out) -> joined(out, (o, from) -> named(o, "Concat", from, true)));
    Exports.put(rules, Flatten.class, (layer, out) -> flatten(out));
    Exports.put(rules, PadChannels.class, ShapeExports::padChannels);
  }

  /** Adds the last step of a layer with several inputs, all of one form. */
  @FunctionalInterface
  private interface Last {
    String write(Outgoing out, List<String> from);
  }

  private static void join(
      Map<Class<?>, Exports.Rule> rules, Class<? extends Layer> type, String operator) {
    rules.put(type, out -> joined(out, (o, from) -> chained(o, operator, from)));
  }

  private static Result joined(Outgoing out, Last last) {
    boolean flat = out.allFlat();
    List<String> from = new ArrayList<>();
    for (int i = 0; i < out.inputs(); i++) {
      from.add(flat ? out.any(i).tensor() : out.image(i));
    }
    return new Result(last.write(out, from), flat, out.shape());
  }

  /** Adds a chain of operators with two inputs each. */
  private static String chained(Outgoing out, String operator, List<String> from) {
    String so = from.get(0);
    for (int i = 1; i < from.size() - 1; i++) {
      so = out.step(operator, "part", List.of(so, from.get(i)));
    }
    return named(out, operator, List.of(so, from.get(from.size() - 1)), false);
  }

  private static String named(Outgoing out, String operator, List<String> from, boolean axis) {
    String name = out.sheet().unique(out.node().name());
    return axis
        ? out.sheet().node(operator, name, from, Sheet.integer("axis", 1))
        : out.sheet().node(operator, name, from);
  }

  private static Result flatten(Outgoing out) {
    String name = out.sheet().unique(out.node().name());
    String tensor = out.any(0).tensor();
    String y =
        out.any(0).flat()
            ? out.sheet().node("Identity", name, List.of(tensor))
            : out.sheet().node("Flatten", name, List.of(tensor), Sheet.integer("axis", 1));
    return new Result(y, true, out.shape());
  }

  private static Result padChannels(PadChannels layer, Outgoing out) {
    String y =
        out.padded(
            out.image(0),
            out.sheet().unique(out.node().name()),
            new int[] {layer.before(), 0, 0},
            new int[] {layer.after(), 0, 0},
            0);
    return new Result(y, false, out.shape());
  }
}
