package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.opencl.Device;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** Every way to the gradient by a convolution's weights, against plain sums in double precision. */
@Tag("kernels")
final class WeightsGradientTest {

  /** Bound of the error as a share of the largest gradient, products as they are. */
  private static final double DIRECT = 1e-5;

  /** The same through the transforms of Winograd's algorithm. */
  private static final double WINOGRAD = 1e-4;

  private static final int BEFORE = 5;

  private static Session session;
  private static boolean tinyOnly;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
    tinyOnly = Drivers.tinyOnly(session);
  }

  @AfterAll
  static void close() {
    session.close();
  }

  /** What x and dy hold. */
  private enum Values {
    RANDOM,
    BIASED,
    WIDE;

    float next(Random random) {
      float value = 4 * random.nextFloat() - 2;
      return switch (this) {
        case RANDOM -> value;
        case BIASED -> 100 + value;
        case WIDE -> value * (float) Math.exp(10 * random.nextDouble() - 5);
      };
    }
  }

  private static Stream<Arguments> tiny() {
    List<Arguments> cases =
        List.of(
            Arguments.of(Convolution.of(7, 3).pad(1), new Chw(5, 3, 6), 4),
            Arguments.of(Convolution.of(9, 3).pad(1), new Chw(26, 2, 5), 8),
            Arguments.of(Convolution.of(8, 5).pad(2).groups(2), new Chw(8, 3, 3), 4),
            Arguments.of(Convolution.of(5, 11).stride(4).pad(2), new Chw(3, 12, 11), 4),
            Arguments.of(Convolution.of(17, 3), new Chw(18, 3, 4), 16),
            Arguments.of(Convolution.of(4, 4).pad(2), new Chw(4, 2, 3), 4));
    return cases.stream();
  }

  private static Stream<Arguments> larger() {
    return Stream.of(
        Arguments.of(Convolution.of(24, 3).pad(1), new Chw(20, 13, 13), 8),
        Arguments.of(Convolution.of(18, 3).pad(0), new Chw(50, 9, 16), 8),
        Arguments.of(Convolution.of(48, 5).pad(2).groups(2), new Chw(32, 11, 7), 8),
        Arguments.of(Convolution.of(20, 7).stride(2).pad(3), new Chw(3, 33, 30), 8),
        Arguments.of(Convolution.of(40, 3).pad(2), new Chw(33, 10, 6), 16),
        Arguments.of(Convolution.of(64, 3).pad(1).groups(4), new Chw(16, 6, 9), 4));
  }

  @ParameterizedTest
  @MethodSource("tiny")
  void tinyOnesAreRight(Convolution layer, Chw x, int vector) {
    assumeFalse(Drivers.buildSlowly(session), "takes this driver minutes to build");
    for (String way : ways(layer, x, vector)) {
      check(layer, x, vector, way, Values.RANDOM, 3, 2);
    }
  }

  @ParameterizedTest
  @MethodSource("larger")
  void allKeepTheirBounds(Convolution layer, Chw x, int vector) {
    assumeFalse(tinyOnly, "too large for this driver");
    for (String way : ways(layer, x, vector)) {
      for (Values values : Values.values()) {
        // Several chunks of tiles in several passes, and the last images missing.
        check(layer, x, vector, way, values, 65, 63);
      }
    }
  }

  @Test
  void largeLayersGoThroughTransforms() {
    GradientSite site = site(Convolution.of(192, 5).pad(2), new Chw(64, 27, 27), 8, 64);
    List<WeightsGradient> ways =
        DirectConvolutionGradient.waysToWeights(Convolution.of(192, 5).pad(2), site);
    assertEquals("winograd_6x6", ways.get(0).name());
    assertEquals("direct", ways.get(1).name());
  }

  private static GradientSite site(Convolution layer, Chw x, int vector, int batch) {
    Signature signature = layer.infer(List.of(x));
    return new GradientSite(
        Family.cpu(vector), signature, batch, List.of(false), List.of(true, false));
  }

  private static List<String> ways(Convolution layer, Chw x, int vector) {
    List<String> names =
        DirectConvolutionGradient.waysToWeights(layer, site(layer, x, vector, 2)).stream()
            .map(WeightsGradient::name)
            .sorted()
            .toList();
    assertEquals(List.of("direct", "winograd_6x6"), names);
    return names;
  }

  private static void check(
      Convolution layer, Chw x, int vector, String name, Values values, int batch, int images) {
    GradientSite site = site(layer, x, vector, batch);
    Chw y = site.signature().output();
    WeightsGradient way =
        DirectConvolutionGradient.waysToWeights(layer, site).stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    Random random = new Random(layer.toString().hashCode());
    float[] in = values(x, images, values, random);
    float[] dy = values(y, images, Values.RANDOM, random);
    double[] exact = expected(layer, x, y, images, in, dy);
    Layout layout = way.inputLayout();
    try (GuardedImages inputs = GuardedImages.place(session, x, layout, batch, random);
        GuardedImages gradients =
            GuardedImages.place(session, y, Layout.of(vector), batch, random);
        DeviceBuffer dw = undefined(BEFORE + exact.length + 1);
        DeviceBuffer scratch = undefined(BEFORE + way.scratch())) {
      inputs.fill(in, layout.halo(), random);
      gradients.fill(dy, Padding.NONE, random);
      List<Launch> launches =
          way.bind(
              new GradientProgram.Bindings(
                  session,
                  site.family(),
                  List.of(Optional.of(inputs.view())),
                  Optional.empty(),
                  gradients.view(),
                  List.of(Optional.empty()),
                  List.of(Optional.of(new Floats(dw, BEFORE)), Optional.empty()),
                  List.of(),
                  new Learning(List.of(), new Floats(dw, 0), new Floats(dw, 0), 0),
                  new Floats(scratch, BEFORE)));
      String what = "%s on %s by %s, %s".formatted(layer, x, name, values);
      double bound = name.equals("direct") ? DIRECT : WINOGRAD;
      float[] once = run(launches, images, dw, false);
      compare(what, exact, once, 1, bound);
      assertArrayEquals(once, run(launches, images, dw, false), what + ": a second run differs");
      compare(what + ", added", exact, run(launches, images, dw, true), 2, bound);
      inputs.assertRestUntouched("x", 0);
      gradients.assertRestUntouched("dy", 0);
    }
  }

  private static DeviceBuffer undefined(long floats) {
    float[] all = new float[Math.toIntExact(floats)];
    Arrays.fill(all, Float.NaN);
    DeviceBuffer buffer = session.allocate(all.length);
    buffer.write(all);
    return buffer;
  }

  private static float[] run(List<Launch> launches, int images, DeviceBuffer dw, boolean add) {
    for (Launch launch : launches) {
      if (launch.kernel().hasArgument("accumulate")) {
        launch.kernel().set("accumulate", add ? 1 : 0);
      }
      launch.enqueue(images);
    }
    float[] all = dw.read();
    for (int i = 0; i < all.length; i++) {
      boolean inside = i >= BEFORE && i < all.length - 1;
      assertEquals(inside, !Float.isNaN(all[i]), "float " + (i - BEFORE) + " of the gradient");
    }
    return Arrays.copyOfRange(all, BEFORE, all.length - 1);
  }

  private static float[] values(Chw shape, int images, Values kind, Random random) {
    float[] values = new float[Math.toIntExact(images * shape.volume())];
    for (int i = 0; i < values.length; i++) {
      values[i] = kind.next(random);
    }
    return values;
  }

  private static void compare(
      String what, double[] exact, float[] actual, int times, double bound) {
    double most = 0;
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      most = Math.max(most, Math.abs(times * exact[i]));
      error = Math.max(error, Math.abs(times * exact[i] - actual[i]));
    }
    double share = error / most;
    assertTrue(share <= bound, what + ": error " + share + ", bound " + bound);
  }

  /** Returns the sums of all products of a pixel and the gradients that it adds to. */
  private static double[] expected(
      Convolution layer, Chw x, Chw y, int images, float[] in, float[] dy) {
    int side = layer.kernel().h();
    int groupIn = x.c() / layer.groups();
    int groupOut = y.c() / layer.groups();
    double[] dw = new double[y.c() * groupIn * side * side];
    for (int n = 0; n < images; n++) {
      for (int oc = 0; oc < y.c(); oc++) {
        for (int c = 0; c < groupIn; c++) {
          int plane = (n * x.c() + oc / groupOut * groupIn + c) * x.h() * x.w();
          int gradient = (n * y.c() + oc) * y.h() * y.w();
          for (int tap = 0; tap < side * side; tap++) {
            double sum = 0;
            for (int oh = 0; oh < y.h(); oh++) {
              int h = oh * layer.stride().h() - layer.pad().top() + tap / side;
              for (int ow = 0; ow < y.w() && h >= 0 && h < x.h(); ow++) {
                int w = ow * layer.stride().w() - layer.pad().left() + tap % side;
                if (w >= 0 && w < x.w()) {
                  sum += (double) in[plane + h * x.w() + w] * dy[gradient + oh * y.w() + ow];
                }
              }
            }
            dw[(oc * groupIn + c) * side * side + tap] += sum;
          }
        }
      }
    }
    return dw;
  }
}
