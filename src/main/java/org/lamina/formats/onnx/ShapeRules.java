package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.lamina.formats.onnx.Operand.Activation;

/** Operators that move elements, or only name their axes anew. */
final class ShapeRules {

  private ShapeRules() {}

  static void addTo(Map<String, Operators.Rule> rules) {
    renamed(rules, "Reshape", Reshapes::reshape);
    renamed(rules, "Flatten", Reshapes::flatten);
    renamed(rules, "Squeeze", Reshapes::squeeze);
    renamed(rules, "Unsqueeze", Reshapes::unsqueeze);
    rules.put("Transpose", (Operators.One) ShapeRules::transpose);
    rules.put("Concat", (Operators.One) ShapeRules::concat);
    rules.put("Slice", (Operators.One) ShapeRules::slice);
    rules.put("Split", ShapeRules::split);
    rules.put("Pad", (Operators.One) PadRule::pad);
  }

  private static void renamed(
      Map<String, Operators.Rule> rules, String operator, Function<Call, List<Integer>> made) {
    rules.put(operator, (Operators.One) call -> renamed(call, made.apply(call)));
  }

  /** Returns the same elements with other extents, as long as the batch stays what it is. */
  private static Activation renamed(Call call, List<Integer> dims) {
    Activation x = call.activation(0);
    boolean sameBatch =
        !dims.isEmpty()
            && !x.dims().isEmpty()
            && dims.get(0).equals(x.dims().get(0))
            && (dims.get(0) != 1 || dims.size() > 1 || x.dims().size() == 1);
    if (call.net().batched() && !sameBatch) {
      throw Unfit.mixesBatch("the step from " + Dims.text(x.dims()) + " to " + Dims.text(dims));
    }
    return x.withDims(dims);
  }

  private static Activation transpose(Call call) {
    Activation x = call.activation(0);
    return Permutations.transpose(call, x, Reshapes.order(call, x.dims().size()));
  }

  private static Activation concat(Call call) {
    List<Activation> parts = call.activations();
    Activation first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    Assembly net = call.net();
    int axis = net.axis(call.integer("axis", 1), first.dims());
    int total = 0;
    int full = net.batched() ? axis + 1 : axis;
    for (Activation part : parts) {
      if (part.dims().size() != first.dims().size()
          || !part.dims().equals(Dims.with(first.dims(), full, part.dims().get(full)))) {
        throw Unfit.because(
            "its inputs do not fit side by side: %s, %s",
            Dims.text(first.dims()), Dims.text(part.dims()));
      }
      total = Math.addExact(total, part.dims().get(full));
    }
    List<Integer> dims = Dims.with(first.dims(), full, total);
    int outer = Dims.count(net.item(dims), 0, axis);
    int inner = Dims.count(net.item(dims), axis + 1, dims.size() - (net.batched() ? 1 : 0));
    List<Activation> seen = new ArrayList<>();
    boolean asTheyAre = outer == 1 && first.view().c() == first.dims().get(full);
    for (Activation part : parts) {
      int n = part.dims().get(full);
      if (outer > 1) {
        Activation turned = net.as(part, outer, n, inner);
        seen.add(net.permuted(turned, call.hint() + "_in", List.of(1, 0, 2)));
      } else if (asTheyAre) {
        seen.add(net.as(part, n, first.view().h(), first.view().w()));
      } else {
        seen.add(net.as(part, n, 1, inner));
      }
    }
    List<Integer> made = outer > 1 ? List.of(total, outer, inner) : net.item(dims);
    Activation y = net.add(call.hint(), "concat", Map.of(), made, seen.toArray(Activation[]::new));
    Activation back = outer > 1 ? net.permuted(y, call.hint() + "_out", List.of(1, 0, 2)) : y;
    return back.withDims(dims);
  }

  private static Activation slice(Call call) {
    Activation y = call.activation(0);
    for (Slices.Cut cut : Slices.of(call)) {
      y = Pieces.cut(call, y, cut);
    }
    return y;
  }

  private static List<Activation> split(Call call) {
    Activation x = call.activation(0);
    List<Activation> parts = new ArrayList<>();
    for (List<Slices.Cut> cuts : Slices.parts(call)) {
      // Parts that nobody reads would be results of the network.
      parts.add(Pieces.cut(call, x, cuts.get(0)));
    }
    return parts;
  }
}
