package org.lamina.formats.onnx;

import static org.lamina.formats.onnx.ModelSketch.ints;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.lamina.formats.onnx.schema.AttributeProto;

/** Models with windows and normalisations. */
final class WindowSketches {

  private static final List<String> Y = List.of("y");

  private WindowSketches() {}

  static List<String> conv(ModelSketch s) {
    Random r = s.random();
    int axes = 1 + r.nextInt(2);
    int groups = Extents.pick(r, 1, 1, 2, 3);
    int channels = groups * (1 + r.nextInt(2));
    int filters = groups * (1 + r.nextInt(3));
    int[] kernel = IntStream.range(0, axes).map(i -> 1 + r.nextInt(3)).toArray();
    List<AttributeProto> attributes = windowed(r, axes, kernel, true, true);
    attributes.add(Sheet.integer("group", groups));
    int[] x = Extents.join(new int[] {1 + r.nextInt(2), channels}, sizes(r, axes));
    int[] w = Extents.join(new int[] {filters, channels / groups}, kernel);
    List<String> from = new ArrayList<>(List.of(s.input("x", x), s.weights("w", w)));
    if (r.nextBoolean()) {
      from.add(s.weights("b", filters));
    }
    s.node("Conv", from, Y, Extents.of(attributes));
    return Y;
  }

  private static int[] sizes(Random r, int axes) {
    return IntStream.range(0, axes).map(i -> 5 + r.nextInt(4)).toArray();
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

  static List<String> convTranspose(ModelSketch s) {
    Random r = s.random();
    int axes = 1 + r.nextInt(2);
    int groups = Extents.pick(r, 1, 1, 2);
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
    int[] w = Extents.join(new int[] {channels, filters}, kernel);
    List<String> from =
        new ArrayList<>(
            List.of(
                s.input("x", Extents.join(new int[] {1 + r.nextInt(2), channels}, sizes)),
                s.weights("w", w)));
    if (r.nextBoolean()) {
      from.add(s.weights("b", filters * groups));
    }
    s.node("ConvTranspose", from, Y, Extents.of(attributes));
    return Y;
  }

  static List<String> pool(ModelSketch s, String operator) {
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
    int[] x = Extents.join(new int[] {1 + r.nextInt(2), 1 + r.nextInt(3)}, sizes(r, axes));
    s.node(operator, List.of(s.input("x", x)), Y, Extents.of(attributes));
    return Y;
  }

  static List<String> lrn(ModelSketch s) {
    Random r = s.random();
    String x = s.input("x", 1 + r.nextInt(2), 1 + r.nextInt(8), 1 + r.nextInt(4), 2);
    s.node(
        "LRN",
        List.of(x),
        Y,
        Sheet.integer("size", Extents.pick(r, 1, 3, 5)),
        Sheet.number("alpha", 0.3),
        Sheet.number("bias", 1.5));
    return Y;
  }

  static List<String> batchNorm(ModelSketch s) {
    Random r = s.random();
    int[] dims = Extents.dims(r, 2, 4);
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

  static List<String> instanceNorm(ModelSketch s) {
    int[] dims = Extents.dims(s.random(), 3, 4);
    dims[dims.length - 1] += 4;
    s.node(
        "InstanceNormalization",
        List.of(s.input("x", dims), s.weights("scale", dims[1]), s.weights("b", dims[1])),
        Y);
    return Y;
  }
}
