package org.lamina.formats.onnx;

import static org.lamina.formats.onnx.ModelSketch.ints;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.lamina.formats.onnx.schema.AttributeProto;

/** Models that move elements. */
final class ShapeSketches {

  private static final List<String> Y = List.of("y");

  private ShapeSketches() {}

  static List<String> concat(ModelSketch s) {
    Random r = s.random();
    int[] dims = Extents.dims(r, 1, 5);
    int axis = r.nextInt(2 * dims.length) - dims.length;
    List<String> from = new ArrayList<>();
    for (int i = 0; i < 1 + r.nextInt(3); i++) {
      int[] part = dims.clone();
      part[Math.floorMod(axis, dims.length)] = 1 + r.nextInt(4);
      from.add(s.input("x" + i, part));
    }
    s.node("Concat", from, Y, Sheet.integer("axis", axis));
    return Y;
  }

  static List<String> split(ModelSketch s) {
    Random r = s.random();
    int[] dims = Extents.dims(r, 1, 4);
    int axis = r.nextInt(dims.length);
    dims[axis] = 6;
    List<String> to = List.of("y", "z", "u");
    String x = s.input("x", dims);
    AttributeProto along = Sheet.integer("axis", axis - (r.nextBoolean() ? dims.length : 0));
    if (s.opset() < 13) {
      s.node("Split", List.of(x), to, along, ints("split", 1, 2, 3));
    } else if (r.nextBoolean()) {
      s.node("Split", List.of(x, s.integers("sizes", 3, 1, 2)), to, along);
    } else if (s.opset() >= 18) {
      s.node("Split", List.of(x), to, along, Sheet.integer("num_outputs", 3));
    } else {
      s.node("Split", List.of(x), to, along);
    }
    return to;
  }

  static List<String> slice(ModelSketch s) {
    Random r = s.random();
    int[] dims = Extents.dims(r, 1, 5);
    int axis = r.nextInt(dims.length);
    dims[axis] = 7;
    boolean back = s.opset() >= 10 && r.nextBoolean();
    int start = back ? Extents.pick(r, 5, -1, 100) : Extents.pick(r, 0, 1, -6);
    int end = back ? Extents.pick(r, 0, -7, -100) : Extents.pick(r, 5, -1, 100);
    String x = s.input("x", dims);
    int named = axis - (r.nextBoolean() ? dims.length : 0);
    if (s.opset() < 10) {
      s.node("Slice", List.of(x), Y, ints("starts", start), ints("ends", end), ints("axes", axis));
      return Y;
    }
    s.node(
        "Slice",
        List.of(
            x,
            s.integers("starts", start),
            s.integers("ends", end),
            s.integers("axes", named),
            s.integers("steps", back ? -1 - r.nextInt(3) : 1 + r.nextInt(3))),
        Y);
    return Y;
  }

  static List<String> pad(ModelSketch s) {
    Random r = s.random();
    int[] dims = Extents.dims(r, 1, 5);
    String mode = List.of("constant", "reflect", "edge", "constant").get(r.nextInt(4));
    int[] pads = new int[2 * dims.length];
    for (int i = 0; i < pads.length; i++) {
      int n = dims[i % dims.length];
      pads[i] = mode.equals("reflect") ? r.nextInt(n) : r.nextInt(3);
      pads[i] = mode.equals("constant") && n > 2 && r.nextInt(4) == 0 ? -1 : pads[i];
    }
    String x = s.input("x", dims);
    AttributeProto how = Sheet.text("mode", mode);
    if (s.opset() < 11) {
      s.node("Pad", List.of(x), Y, how, ints("pads", pads), Sheet.number("value", 1.5));
      return Y;
    }
    String amounts = s.integers("pads", Arrays.stream(pads).asLongStream().toArray());
    String value = mode.equals("constant") ? s.floats("value", new int[0], 1.5f) : "";
    s.node("Pad", List.of(x, amounts, value), Y, how);
    return Y;
  }

  static List<String> transpose(ModelSketch s) {
    int[] dims = Extents.dims(s.random(), 1, 6);
    List<Integer> order = new ArrayList<>(IntStream.range(0, dims.length).boxed().toList());
    Collections.shuffle(order, s.random());
    s.node("Transpose", List.of(s.input("x", dims)), Y, Sheet.integers("perm", order));
    return Y;
  }

  static List<String> flatten(ModelSketch s) {
    int[] dims = Extents.dims(s.random(), 1, 5);
    int axis = s.random().nextInt(dims.length + 1);
    s.node("Flatten", List.of(s.input("x", dims)), Y, Sheet.integer("axis", axis));
    return Y;
  }

  static List<String> reshape(ModelSketch s) {
    Random r = s.random();
    long[] shape =
        List.of(
                new long[] {0, -1},
                new long[] {-1},
                new long[] {2, 0, -1, 1},
                new long[] {6, 4},
                new long[] {1, 2, 3, 2, 2})
            .get(r.nextInt(5));
    s.node("Reshape", List.of(s.input("x", 2, 3, 4), s.integers("shape", shape)), Y);
    return Y;
  }

  static List<String> squeeze(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", 1, 3, 1, 2);
    int axis = Extents.pick(r, 0, 2, -2);
    if (s.opset() < 13) {
      s.node("Squeeze", List.of(x), Y, ints("axes", Math.floorMod(axis, 4)));
    } else if (r.nextBoolean()) {
      s.node("Squeeze", List.of(x), Y);
    } else {
      s.node("Squeeze", List.of(x, s.integers("axes", axis)), Y);
    }
    return Y;
  }

  static List<String> unsqueeze(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", Extents.dims(r, 0, 3));
    int[] axes = r.nextBoolean() ? new int[] {0} : new int[] {1, 0};
    if (s.opset() < 13) {
      s.node("Unsqueeze", List.of(x), Y, ints("axes", axes));
    } else {
      long[] named = Arrays.stream(axes).asLongStream().toArray();
      s.node("Unsqueeze", List.of(x, s.integers("axes", named)), Y);
    }
    return Y;
  }
}
