package org.lamina.formats.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** Models of one operator with random extents and attributes. */
final class RandomSketches {

  /** Makes a model and returns the names of its results. */
  interface Maker extends Function<ModelSketch, List<String>> {}

  private static final List<String> Y = List.of("y");

  private RandomSketches() {}

  static Map<String, Maker> all() {
    Map<String, Maker> all = new LinkedHashMap<>();
    all.put("Conv", WindowSketches::conv);
    all.put("ConvTranspose", WindowSketches::convTranspose);
    all.put("MaxPool", s -> WindowSketches.pool(s, "MaxPool"));
    all.put("AveragePool", s -> WindowSketches.pool(s, "AveragePool"));
    all.put("GlobalAveragePool", s -> plain(s, "GlobalAveragePool", 3, 4));
    all.put("GlobalMaxPool", s -> plain(s, "GlobalMaxPool", 3, 4));
    all.put("LRN", WindowSketches::lrn);
    all.put("BatchNormalization", WindowSketches::batchNorm);
    all.put("InstanceNormalization", WindowSketches::instanceNorm);
    for (String f :
        List.of(
            "Relu",
            "Sigmoid",
            "Tanh",
            "Softplus",
            "HardSwish",
            "LeakyRelu",
            "Elu",
            "Selu",
            "HardSigmoid",
            "Identity",
            "Abs",
            "Neg",
            "Exp")) {
      all.put(f, s -> plain(s, f, 0, 5));
    }
    all.put("PRelu", RandomSketches::prelu);
    all.put("Clip", RandomSketches::clip);
    all.put("Softmax", s -> softmax(s, "Softmax"));
    all.put("LogSoftmax", s -> softmax(s, "LogSoftmax"));
    for (String f : List.of("Add", "Sub", "Mul", "Div", "Sum")) {
      all.put(f, s -> binary(s, f));
    }
    all.put("Gemm", RandomSketches::gemm);
    all.put("MatMul", RandomSketches::matMul);
    all.put("Concat", ShapeSketches::concat);
    all.put("Split", ShapeSketches::split);
    all.put("Slice", ShapeSketches::slice);
    all.put("Pad", ShapeSketches::pad);
    all.put("Transpose", ShapeSketches::transpose);
    all.put("Flatten", ShapeSketches::flatten);
    all.put("Reshape", ShapeSketches::reshape);
    all.put("Squeeze", ShapeSketches::squeeze);
    all.put("Unsqueeze", ShapeSketches::unsqueeze);
    return all;
  }

  private static List<String> plain(ModelSketch s, String operator, int least, int most) {
    s.node(operator, List.of(s.input("x", Extents.dims(s.random(), least, most))), Y);
    return Y;
  }

  private static List<String> prelu(ModelSketch s) {
    int[] dims = Extents.dims(s.random(), 1, 5);
    int[] slope = Extents.smaller(s.random(), dims);
    s.node("PRelu", List.of(s.input("x", dims), s.weights("slope", slope)), Y);
    return Y;
  }

  private static List<String> clip(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", Extents.dims(r, 1, 4));
    if (s.opset() < 11) {
      s.node("Clip", List.of(x), Y, Sheet.number("min", -0.5));
      return Y;
    }
    String min = r.nextBoolean() ? "" : s.floats("min", new int[0], -0.3f);
    String max = r.nextBoolean() ? "" : s.floats("max", new int[0], 0.4f);
    s.node("Clip", List.of(x, min, max), Y);
    return Y;
  }

  private static List<String> softmax(ModelSketch s, String operator) {
    int[] dims = Extents.dims(s.random(), 1, 5);
    int axis = s.random().nextInt(2 * dims.length) - dims.length;
    s.node(operator, List.of(s.input("x", dims)), Y, Sheet.integer("axis", axis));
    return Y;
  }

  private static List<String> binary(ModelSketch s, String operator) {
    Random r = s.random();
    int[] dims = Extents.dims(r, 0, 5);
    int[] small = Extents.smaller(r, dims);
    boolean swap = r.nextBoolean();
    boolean known = r.nextBoolean();
    String a = s.input("a", swap ? small : dims);
    int[] second = swap ? dims : small;
    String b = known ? s.weights("b", second) : s.input("b", second);
    List<String> from = !known || r.nextBoolean() ? List.of(a, b) : List.of(b, a);
    s.node(operator, from, Y);
    return Y;
  }

  private static List<String> gemm(ModelSketch s) {
    Random r = s.random();
    int m = 1 + r.nextInt(4);
    int k = 1 + r.nextInt(5);
    int n = 1 + r.nextInt(4);
    boolean ta = r.nextBoolean();
    boolean tb = r.nextBoolean();
    int[] a = ta ? new int[] {k, m} : new int[] {m, k};
    int[] b = tb ? new int[] {n, k} : new int[] {k, n};
    boolean left = r.nextInt(4) == 0;
    List<String> from =
        new ArrayList<>(
            left
                ? List.of(s.weights("a", a), s.input("b", b))
                : List.of(s.input("a", a), s.weights("b", b)));
    if (r.nextBoolean()) {
      int[] c = Extents.smaller(r, new int[] {m, n});
      from.add(r.nextBoolean() ? s.weights("c", c) : s.input("c", c));
    }
    s.node(
        "Gemm",
        from,
        Y,
        Sheet.integer("transA", ta ? 1 : 0),
        Sheet.integer("transB", tb ? 1 : 0),
        Sheet.number("alpha", 0.5),
        Sheet.number("beta", r.nextBoolean() ? 1 : 0.25));
    return Y;
  }

  private static List<String> matMul(ModelSketch s) {
    Random r = s.random();
    int[] outer = Extents.dims(r, 0, 2);
    int m = 1 + r.nextInt(4);
    int k = 1 + r.nextInt(4);
    int n = 1 + r.nextInt(4);
    int[] a = Extents.join(outer, new int[] {m, k});
    int[] b = Extents.join(Extents.smaller(r, outer), new int[] {k, n});
    if (r.nextInt(6) == 0) {
      b = new int[] {k};
    }
    boolean left = r.nextInt(4) == 0 && outer.length == 0;
    s.node(
        "MatMul",
        left
            ? List.of(s.weights("a", a), s.input("b", b))
            : List.of(s.input("a", a), s.weights("b", b)),
        Y);
    return Y;
  }
}
