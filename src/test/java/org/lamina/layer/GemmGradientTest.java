package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** The way back through convolutions on GPU kernels, against central differences. */
@Tag("kernels")
final class GemmGradientTest {

  private static Session session;
  private static boolean interpreted;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
    interpreted = Drivers.interpret(session);
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(Convolution.of(5, 3).pad(1), new Chw(3, 4, 5), 2),
        Arguments.of(Convolution.of(6, 3).stride(2).pad(1), new Chw(2, 5, 4), 2),
        Arguments.of(Convolution.of(8, 3).groups(2), new Chw(8, 4, 3), 1),
        Arguments.of(Convolution.of(3, 1).stride(3), new Chw(2, 5, 4), 2),
        Arguments.of(FullyConnected.of(7), new Chw(3, 2, 3), 3),
        // Larger than a tile in each direction, and pixels enough for several parts.
        Arguments.of(Convolution.of(70, 3).pad(1), new Chw(9, 17, 16), 3),
        Arguments.of(Convolution.of(40, 5).stride(2).groups(2), new Chw(80, 13, 14), 2),
        Arguments.of(FullyConnected.of(90), new Chw(20, 3, 3), 70));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void allGradientsAreRight(Layer layer, Chw x, int images) {
    assumeFalse(interpreted && x.c() > 8, "too large to be interpreted");
    GradientValues values = GradientValues.of(LayerCase.of(layer, x), images);
    try (GradientRun run = new GradientRun(session, Family.GPU, values, images + 1, false)) {
      run.run(false);
      run.assertRestUntouched();
      float[] dx = run.inputGradient(0);
      float[] dw = run.parameterGradient(0).orElseThrow();
      check("dx", dx, element -> values.byInput(0, element), 1);
      check("dw", dw, element -> values.byParameter(0, element), 1);
      run.restore();
      run.run(true);
      assertArrayEquals(dx, run.inputGradient(0), "a second dx differs");
      float[] added = run.parameterGradient(0).orElseThrow();
      check("dw added", added, element -> values.byParameter(0, element), 2);
    }
  }

  /** Compares some elements, the first and the last among them. */
  private static void check(
      String what, float[] actual, IntToDoubleFunction derivative, int times) {
    List<Integer> tried =
        Stream.iterate(0, i -> i <= 9, i -> i + 1)
            .map(i -> (int) ((long) i * (actual.length - 1) / 9))
            .distinct()
            .toList();
    for (int i : tried) {
      double exact = times * derivative.applyAsDouble(i);
      double scale = Math.max(1, Math.abs(exact));
      assertEquals(exact, actual[i], 1e-4 * scale, what + "[" + i + "]");
    }
    for (float value : actual) {
      assertTrue(Float.isFinite(value), what + " holds " + value);
    }
  }
}
