package org.lamina.formats.onnx;

import static org.lamina.formats.onnx.ModelSketch.ints;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.lamina.formats.onnx.schema.AttributeProto;

/** Models of one operator with random extents and attributes. */
final class RandomSketches {

  /** Makes a model and returns the names of its results. */
  interface Maker extends Function<ModelSketch, List<String>> {}

  private static final List<String> Y = List.of("y");

  private RandomSketches() {}

  static Map<String, Maker> all() {
    Map<String, Maker> all = new LinkedHashMap<>();
    all.put("Conv", RandomSketches::conv);
    all.put("ConvTranspose", RandomSketches::convTranspose);
    all.put("MaxPool", s -> pool(s, "MaxPool"));
    all.put("AveragePool", s -> pool(s, "AveragePool"));
    all.put("GlobalAveragePool", s -> plain(s, "GlobalAveragePool", 3, 4));
    all.put("GlobalMaxPool", s -> plain(s, "GlobalMaxPool", 3, 4));
    all.put("LRN", RandomSketches::lrn);
    all.put("BatchNormalization", RandomSketches::batchNorm);
    all.put("InstanceNormalization", RandomSketches::instanceNorm);
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
    all.put("Concat", RandomSketches::concat);
    all.put("Split", RandomSketches::split);
    all.put("Slice", RandomSketches::slice);
    all.put("Pad", RandomSketches::pad);
    all.put("Transpose", RandomSketches::transpose);
    all.put("Flatten", RandomSketches::flatten);
    all.put("Reshape", RandomSketches::reshape);
    all.put("Squeeze", RandomSketches::squeeze);
    all.put("Unsqueeze", RandomSketches::unsqueeze);
    return all;
  }

  private static int[] dims(Random random, int least, int most) {
    int[] dims = new int[least + random.nextInt(most - least + 1)];
    Arrays.setAll(dims, i -> 1 + random.nextInt(4));
    return dims;
  }

  private static List<String> plain(ModelSketch s, String operator, int least, int most) {
    s.node(operator, List.of(s.input("x", dims(s.random(), least, most))), Y);
    return Y;
  }

  private static int pick(Random random, int... from) {
    return from[random.nextInt(from.length)];
  }

  private static AttributeProto[] of(List<AttributeProto> list) {
    return list.toArray(AttributeProto[]::new);
  }

  private static List<String> conv(ModelSketch s) {
    Random r = s.random();
    int axes = 1 + r.nextInt(2);
    int groups = pick(r, 1, 1, 2, 3);
    int channels = groups * (1 + r.nextInt(2));
    int filters = groups * (1 + r.nextInt(3));
    int[] kernel = IntStream.range(0, axes).map(i -> 1 + r.nextInt(3)).toArray();
    List<AttributeProto> attributes = windowed(r, axes, kernel, true, true);
    attributes.add(Sheet.integer("group", groups));
    int[] x = join(new int[] {1 + r.nextInt(2), channels}, sizes(r, axes));
    int[] w = join(new int[] {filters, channels / groups}, kernel);
    List<String> from = new ArrayList<>(List.of(s.input("x", x), s.weights("w", w)));
    if (r.nextBoolean()) {
      from.add(s.weights("b", filters));
    }
    s.node("Conv", from, Y, of(attributes));
    return Y;
  }

  private static int[] sizes(Random r, int axes) {
    return IntStream.range(0, axes).map(i -> 5 + r.nextInt(4)).toArray();
  }

  private static int[] join(int[] a, int[] b) {
    int[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  /** ONNX Runtime forgets dilation where it pads by itself. */
  private static List<AttributeProto> windowed(
      Random r, int axes, int[] kernel, boolean dilates, boolean auto) {
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(ints("kernel_shape", kernel));
    int[] dilation = IntStream.range(0, axes).map(i -> 1 + r.nextInt(2)).toArray();
    boolean same = auto && r.nextInt(3) == 0;
    boolean dilated = dilates && !same && r.nextBoolean();
    if (dilated) {
      attributes.add(ints("dilations", dilation));
    }
    if (r.nextBoolean()) {
      attributes.add(
          ints("strides", IntStream.range(0, axes).map(i -> 1 + r.nextInt(3)).toArray()));
    }
    if (same) {
      String how = List.of("SAME_UPPER", "SAME_LOWER", "VALID").get(r.nextInt(3));
      attributes.add(Sheet.text("auto_pad", how));
    } else if (r.nextBoolean()) {
      attributes.add(
          ints(
              "pads",
              IntStream.range(0, 2 * axes).map(i -> r.nextInt(kernel[i % axes])).toArray()));
    }
    return attributes;
  }

  private static List<String> convTranspose(ModelSketch s) {
    Random r = s.random();
    int axes = 1 + r.nextInt(2);
    int groups = pick(r, 1, 1, 2);
    int channels = groups * (1 + r.nextInt(2));
    int filters = 1 + r.nextInt(3);
    int[] kernel = IntStream.range(0, axes).map(i -> 1 + r.nextInt(3)).toArray();
    // ONNX Runtime does not enlarge what a stride beyond the window leaves too small.
    int[] strides = IntStream.range(0, axes).map(i -> 1 + r.nextInt(kernel[i])).toArray();
    int[] sizes = sizes(r, axes);
    List<AttributeProto> attributes = new ArrayList<>();
    attributes.add(Sheet.integer("group", groups));
    attributes.add(ints("strides", strides));
    switch (r.nextInt(4)) {
      case 0 ->
          attributes.add(
              ints(
                  "pads",
                  IntStream.range(0, 2 * axes).map(i -> r.nextInt(kernel[i % axes])).toArray()));
      case 1 ->
          attributes.add(
              ints(
                  "output_shape",
                  IntStream.range(0, axes)
                      .map(i -> (sizes[i] - 1) * strides[i] + 1 + r.nextInt(kernel[i]))
                      .toArray()));
      case 2 ->
          attributes.add(
              Sheet.text("auto_pad", List.of("SAME_UPPER", "SAME_LOWER").get(r.nextInt(2))));
      default ->
          attributes.add(
              ints(
                  "output_padding",
                  IntStream.range(0, axes).map(i -> r.nextInt(strides[i])).toArray()));
    }
    int[] w = join(new int[] {channels, filters}, kernel);
    List<String> from =
        new ArrayList<>(
            List.of(
                s.input("x", join(new int[] {1 + r.nextInt(2), channels}, sizes)),
                s.weights("w", w)));
    if (r.nextBoolean()) {
      from.add(s.weights("b", filters * groups));
    }
    s.node("ConvTranspose", from, Y, of(attributes));
    return Y;
  }

  private static List<String> pool(ModelSketch s, String operator) {
    Random r = s.random();
    boolean max = operator.equals("MaxPool");
    int axes = 1 + r.nextInt(2);
    int[] kernel = IntStream.range(0, axes).map(i -> 1 + r.nextInt(3)).toArray();
    boolean dilates = s.opset() >= (max ? 10 : 19);
    List<AttributeProto> attributes = windowed(r, axes, kernel, dilates, true);
    if (s.opset() >= 10 && r.nextBoolean()) {
      attributes.add(Sheet.integer("ceil_mode", 1));
    }
    if (!max && r.nextBoolean()) {
      attributes.add(Sheet.integer("count_include_pad", 1));
    }
    int[] x = join(new int[] {1 + r.nextInt(2), 1 + r.nextInt(3)}, sizes(r, axes));
    s.node(operator, List.of(s.input("x", x)), Y, of(attributes));
    return Y;
  }

  private static List<String> lrn(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", 1 + r.nextInt(2), 1 + r.nextInt(8), 1 + r.nextInt(4), 2);
    s.node(
        "LRN",
        List.of(x),
        Y,
        Sheet.integer("size", pick(r, 1, 3, 5)),
        Sheet.number("alpha", 0.3),
        Sheet.number("bias", 1.5));
    return Y;
  }

  private static List<String> batchNorm(ModelSketch s) {
    Random r = s.random();
    int[] dims = dims(r, 2, 4);
    int c = dims[1];
    float[] variance = s.values(c);
    for (int i = 0; i < c; i++) {
      variance[i] = Math.abs(variance[i]) + 0.1f;
    }
    s.node(
        "BatchNormalization",
        List.of(
            s.input("x", dims),
            s.weights("scale", c),
            s.weights("b", c),
            s.weights("mean", c),
            s.floats("var", new int[] {c}, variance)),
        Y,
        Sheet.number("epsilon", 1e-3));
    return Y;
  }

  private static List<String> instanceNorm(ModelSketch s) {
    int[] dims = dims(s.random(), 3, 4);
    dims[dims.length - 1] += 4;
    s.node(
        "InstanceNormalization",
        List.of(s.input("x", dims), s.weights("scale", dims[1]), s.weights("b", dims[1])),
        Y);
    return Y;
  }

  /** Returns extents that can be broadcast to others. */
  private static int[] smaller(Random r, int[] dims) {
    int skip = dims.length == 0 ? 0 : r.nextInt(dims.length + 1);
    int[] small = Arrays.copyOfRange(dims, skip, dims.length);
    for (int i = 0; i < small.length; i++) {
      small[i] = r.nextBoolean() ? 1 : small[i];
    }
    return small;
  }

  private static List<String> prelu(ModelSketch s) {
    int[] dims = dims(s.random(), 1, 5);
    int[] slope = smaller(s.random(), dims);
    s.node("PRelu", List.of(s.input("x", dims), s.weights("slope", slope)), Y);
    return Y;
  }

  private static List<String> clip(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", dims(r, 1, 4));
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
    int[] dims = dims(s.random(), 1, 5);
    int axis = s.random().nextInt(2 * dims.length) - dims.length;
    s.node(operator, List.of(s.input("x", dims)), Y, Sheet.integer("axis", axis));
    return Y;
  }

  private static List<String> binary(ModelSketch s, String operator) {
    Random r = s.random();
    int[] dims = dims(r, 0, 5);
    int[] small = smaller(r, dims);
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
      int[] c = smaller(r, new int[] {m, n});
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
    int[] outer = dims(r, 0, 2);
    int m = 1 + r.nextInt(4);
    int k = 1 + r.nextInt(4);
    int n = 1 + r.nextInt(4);
    int[] a = join(outer, new int[] {m, k});
    int[] b = join(smaller(r, outer), new int[] {k, n});
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

  private static List<String> concat(ModelSketch s) {
    Random r = s.random();
    int[] dims = dims(r, 1, 5);
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

  private static List<String> split(ModelSketch s) {
    Random r = s.random();
    int[] dims = dims(r, 1, 4);
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

  private static List<String> slice(ModelSketch s) {
    Random r = s.random();
    int[] dims = dims(r, 1, 5);
    int axis = r.nextInt(dims.length);
    dims[axis] = 7;
    boolean back = s.opset() >= 10 && r.nextBoolean();
    int start = back ? pick(r, 5, -1, 100) : pick(r, 0, 1, -6);
    int end = back ? pick(r, 0, -7, -100) : pick(r, 5, -1, 100);
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

  private static List<String> pad(ModelSketch s) {
    Random r = s.random();
    int[] dims = dims(r, 1, 5);
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

  private static List<String> transpose(ModelSketch s) {
    int[] dims = dims(s.random(), 1, 6);
    List<Integer> order = new ArrayList<>(IntStream.range(0, dims.length).boxed().toList());
    Collections.shuffle(order, s.random());
    s.node("Transpose", List.of(s.input("x", dims)), Y, Sheet.integers("perm", order));
    return Y;
  }

  private static List<String> flatten(ModelSketch s) {
    int[] dims = dims(s.random(), 1, 5);
    int axis = s.random().nextInt(dims.length + 1);
    s.node("Flatten", List.of(s.input("x", dims)), Y, Sheet.integer("axis", axis));
    return Y;
  }

  private static List<String> reshape(ModelSketch s) {
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

  private static List<String> squeeze(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", 1, 3, 1, 2);
    int axis = pick(r, 0, 2, -2);
    if (s.opset() < 13) {
      s.node("Squeeze", List.of(x), Y, ints("axes", Math.floorMod(axis, 4)));
    } else if (r.nextBoolean()) {
      s.node("Squeeze", List.of(x), Y);
    } else {
      s.node("Squeeze", List.of(x, s.integers("axes", axis)), Y);
    }
    return Y;
  }

  private static List<String> unsqueeze(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", dims(r, 0, 3));
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
