package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamina.TestData;
import org.lamina.TorchCases;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/**
 * Results and gradients of single layers against those that PyTorch and TensorFlow give: every case
 * on GPU kernels and, in turn, on one of the vector widths.
 */
final class PublishedCasesTest {

  private static final List<Family> WIDTHS = List.of(Family.cpu(4), Family.cpu(8), Family.cpu(16));
  private static final double TOLERANCE = 1e-5;
  private static final Initializer ZERO = new Initializer.Constant(0);

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  /** What there is to compare with; what is empty is not compared. */
  private record Expected(
      Optional<float[]> output,
      boolean rectified,
      List<Optional<float[]>> byInputs,
      List<Optional<float[]>> byParameters) {}

  private static void check(String name, GradientValues values, Expected expected) {
    Family turn = WIDTHS.get(Math.floorMod(name.hashCode(), WIDTHS.size()));
    for (Family family : List.of(Family.GPU, turn)) {
      String what = name + ", " + family;
      int batch = values.images() + 1;
      try (GradientRun run = new GradientRun(session, family, values, batch, false)) {
        float[] y = expected.rectified() ? rectified(run.output()) : run.output();
        expected.output().ifPresent(output -> compare(what + ": y", output, y));
        run.run(false);
        run.assertRestUntouched();
        for (int k = 0; k < expected.byInputs().size(); k++) {
          float[] found = run.inputGradient(k);
          expected.byInputs().get(k).ifPresent(dx -> compare(what + ": dx", dx, found));
        }
        for (int k = 0; k < expected.byParameters().size(); k++) {
          float[] found = run.parameterGradient(k).orElseThrow();
          expected.byParameters().get(k).ifPresent(dw -> compare(what + ": dw", dw, found));
        }
      }
    }
  }

  private static float[] rectified(float[] values) {
    float[] positive = values.clone();
    for (int i = 0; i < positive.length; i++) {
      positive[i] = Math.max(0, values[i]);
    }
    return positive;
  }

  private static void compare(String what, float[] expected, float[] found) {
    assertEquals(expected.length, found.length, what);
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(1, Math.abs(expected[i]));
      assertTrue(
          Math.abs(expected[i] - found[i]) <= TOLERANCE * scale,
          "%s[%d] is %s, but was published as %s".formatted(what, i, found[i], expected[i]));
    }
  }

  private static void torch(String operator, int count, Function<JsonNode, Layer> layer)
      throws IOException {
    int done = 0;
    for (TorchCases.Case one : TorchCases.of(operator)) {
      if (one.options().path("dim").asInt(1) != 1) {
        continue; // joins images, which no layer does
      }
      Layer made = layer.apply(one.options());
      List<Chw> shapes = one.shapes().stream().map(PublishedCasesTest::shape).toList();
      Signature signature = made.infer(shapes);
      GradientValues values =
          new GradientValues(
              made,
              signature,
              one.images(),
              one.inputs(),
              parameters(signature, one),
              gradient(one));
      check(
          made + " on " + shapes,
          values,
          new Expected(
              Optional.of(one.output()),
              isRectified(one),
              one.inputGradients().stream().map(Optional::of).toList(),
              one.parameterGradients().stream().map(Optional::of).toList()));
      done++;
    }
    assertEquals(count, done);
  }

  private static boolean isRectified(TorchCases.Case one) {
    return one.options().has("outputs") && one.options().get("activation").asText().equals("relu");
  }

  /** Returns dy; where a ReLU comes after the layer, what it lets pass. */
  private static float[] gradient(TorchCases.Case one) {
    float[] dy = one.gradient().clone();
    for (int i = 0; i < dy.length && isRectified(one); i++) {
      dy[i] = one.output()[i] > 0 ? dy[i] : 0;
    }
    return dy;
  }

  private static List<Tensor> parameters(Signature signature, TorchCases.Case one) {
    List<Tensor> tensors = new ArrayList<>();
    for (int k = 0; k < one.parameters().size(); k++) {
      tensors.add(new Tensor(signature.parameters().get(k).shape(), one.parameters().get(k)));
    }
    return tensors;
  }

  private static Chw shape(int[] extents) {
    return new Chw(
        extents[1], extents.length > 2 ? extents[2] : 1, extents.length > 3 ? extents[3] : 1);
  }

  @Test
  void activationsAreThoseOfPytorch() throws IOException {
    torch(
        "activation",
        5,
        options ->
            switch (options.get("activation").asText()) {
              case "relu" -> new Relu();
              case "tanh" -> new Tanh();
              case "sigmoid" -> new Sigmoid();
              case "relu6" -> new Clip(0, 6);
              default -> new Dropout(0); // the identity
            });
  }

  @Test
  void poolingIsThatOfPytorch() throws IOException {
    torch("pooling2d", 96, PublishedCasesTest::pooling);
    torch(
        "global_pooling",
        8,
        options ->
            options.get("mode").asText().equals("max")
                ? new GlobalMaxPooling()
                : new GlobalAveragePooling());
  }

  private static Layer pooling(JsonNode options) {
    Extent kernel = extent(options.get("kernel"));
    Extent stride = extent(options.get("stride"));
    Extent pad = extent(options.get("pad"));
    Padding sides = new Padding(pad.h(), pad.w(), pad.h(), pad.w());
    Rounding round = options.get("ceil_mode").asBoolean() ? Rounding.CEIL : Rounding.FLOOR;
    return options.get("mode").asText().equals("max")
        ? new MaxPooling(kernel, stride, sides, round)
        : new AveragePooling(
            kernel, stride, sides, round, options.get("count_include_pad").asBoolean());
  }

  private static Extent extent(JsonNode value) {
    return value.isArray()
        ? new Extent(value.get(0).asInt(), value.get(1).asInt())
        : Extent.of(value.asInt());
  }

  @Test
  void otherLayersAreThoseOfPytorch() throws IOException {
    torch("softmax", 48, options -> new Softmax());
    torch("concat", 7, options -> new Concat());
    torch(
        "inner_product",
        28,
        options ->
            new FullyConnected(
                options.get("outputs").asInt(), options.get("bias").asBoolean(), ZERO, ZERO));
  }

  @Test
  void convolutionsAreThoseOfTensorflow() throws IOException {
    JsonNode file =
        new ObjectMapper().readTree(TestData.file("layers/tensorflow/convolution.json").toFile());
    int done = 0;
    for (String pass : List.of("forward", "backprop_input", "backprop_filter")) {
      for (JsonNode one : file.get(pass)) {
        convolution(pass, one);
        done++;
      }
    }
    assertEquals(12, done);
  }

  /** All tensors hold 1, 2, 3 ...; images lie as [N, H, W, C], weights as [KH, KW, IN, OUT]. */
  private static void convolution(String pass, JsonNode one) {
    int[] input = extents(one.get("input"));
    int[] filter = extents(one.get("filter"));
    Extent kernel = new Extent(filter[0], filter[1]);
    Extent stride = extent(one.get("strides"));
    boolean same = one.get("padding").asText().equals("SAME");
    Padding pad =
        same
            ? padding(input[1], kernel.h(), stride.h(), input[2], kernel.w(), stride.w())
            : Padding.NONE;
    Convolution layer =
        new Convolution(filter[3], kernel, stride, pad, Extent.of(1), 1, false, ZERO, ZERO);
    Signature signature = layer.infer(List.of(new Chw(input[3], input[1], input[2])));
    Chw y = signature.output();
    int[] result = {input[0], y.h(), y.w(), y.c()};
    float[] published = TorchCases.floats(one.get("expected"));
    Tensor weights =
        new Tensor(
            signature.parameters().get(0).shape(), moved(counting(filter), filter, 3, 2, 0, 1));
    GradientValues values =
        new GradientValues(
            layer,
            signature,
            input[0],
            List.of(moved(counting(input), input, 0, 3, 1, 2)),
            List.of(weights),
            moved(counting(result), result, 0, 3, 1, 2));
    Function<String, Optional<float[]>> of =
        wanted -> pass.equals(wanted) ? Optional.of(published) : Optional.empty();
    check(
        one.get("name").asText(),
        values,
        new Expected(
            of.apply("forward").map(each -> moved(each, result, 0, 3, 1, 2)),
            false,
            List.of(of.apply("backprop_input").map(each -> moved(each, input, 0, 3, 1, 2))),
            List.of(of.apply("backprop_filter").map(each -> moved(each, filter, 3, 2, 0, 1)))));
  }

  private static int[] extents(JsonNode list) {
    return IntStream.range(0, list.size()).map(i -> list.get(i).asInt()).toArray();
  }

  /** Returns TensorFlow's padding "SAME": as many outputs as steps, the odd pixel at the end. */
  private static Padding padding(int h, int kh, int sh, int w, int kw, int sw) {
    int rows = Math.max(0, ((h + sh - 1) / sh - 1) * sh + kh - h);
    int columns = Math.max(0, ((w + sw - 1) / sw - 1) * sw + kw - w);
    return new Padding(rows / 2, columns / 2, rows - rows / 2, columns - columns / 2);
  }

  private static float[] counting(int[] extents) {
    float[] values = new float[IntStream.of(extents).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    return values;
  }

  /** Returns a tensor of four axes with its axes in another order. */
  private static float[] moved(float[] values, int[] extents, int... order) {
    float[] result = new float[values.length];
    int[] at = new int[4];
    int next = 0;
    for (at[order[0]] = 0; at[order[0]] < extents[order[0]]; at[order[0]]++) {
      for (at[order[1]] = 0; at[order[1]] < extents[order[1]]; at[order[1]]++) {
        for (at[order[2]] = 0; at[order[2]] < extents[order[2]]; at[order[2]]++) {
          for (at[order[3]] = 0; at[order[3]] < extents[order[3]]; at[order[3]]++) {
            int from = ((at[0] * extents[1] + at[1]) * extents[2] + at[2]) * extents[3] + at[3];
            result[next++] = values[from];
          }
        }
      }
    }
    return result;
  }
}
