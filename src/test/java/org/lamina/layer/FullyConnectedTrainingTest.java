package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** Fully connected layers in training, forward and back, against plain sums in double precision. */
@Tag("kernels")
final class FullyConnectedTrainingTest {

  /** Bound of an error as a share of the largest value. */
  private static final double BOUND = 1e-5;

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

  @ParameterizedTest(name = "{2} images, {0} to {1}, vectors of {3}")
  @CsvSource({
    "1, 1, 1, 4", "5, 7, 3, 8", "19, 9, 5, 4", "18, 33, 2, 16",
    // More than a panel and a part of everything, and nothing a multiple of anything.
    "333, 290, 67, 8", "278, 261, 13, 4", "531, 300, 70, 16", "260, 1640, 5, 8"
  })
  void allThreeAreRight(int depth, int units, int images, int vector) {
    assumeFalse(tinyOnly && depth > 100, "too large for this driver");
    Chw x = depth % 3 == 0 ? new Chw(depth / 3, 1, 3) : new Chw(depth, 1, 1);
    GradientValues values = GradientValues.of(LayerCase.of(FullyConnected.of(units), x), images);
    Family family = Family.cpu(vector);
    assumeTrue(Drivers.builds(session, family), "takes this driver minutes to build");
    try (GradientRun run = new GradientRun(session, family, values, images + 1, false)) {
      run.run(false);
      run.assertRestUntouched();
      double[] y = new double[images * units];
      double[] dx = new double[images * depth];
      double[] dw = new double[units * depth];
      expect(values, depth, units, y, dx, dw);
      compare("y", y, run.output(), 1);
      float[] byInput = run.inputGradient(0);
      float[] byWeight = run.parameterGradient(0).orElseThrow();
      compare("dx", dx, byInput, 1);
      compare("dw", dw, byWeight, 1);
      run.restore();
      run.run(false);
      assertArrayEquals(byInput, run.inputGradient(0), "a second dx differs");
      assertArrayEquals(byWeight, run.parameterGradient(0).orElseThrow(), "a second dw differs");
      run.restore();
      run.run(true);
      compare("dw added", dw, run.parameterGradient(0).orElseThrow(), 2);
    }
  }

  private static void expect(
      GradientValues values, int depth, int units, double[] y, double[] dx, double[] dw) {
    float[] x = values.inputs().get(0);
    float[] weights = values.parameters().get(0).values();
    float[] bias = values.parameters().get(1).values();
    float[] dy = values.gradient();
    for (int n = 0; n < values.images(); n++) {
      for (int u = 0; u < units; u++) {
        y[n * units + u] = bias[u];
        for (int k = 0; k < depth; k++) {
          double weight = weights[u * depth + k];
          y[n * units + u] += weight * x[n * depth + k];
          dx[n * depth + k] += weight * dy[n * units + u];
          dw[u * depth + k] += (double) x[n * depth + k] * dy[n * units + u];
        }
      }
    }
  }

  private static void compare(String what, double[] exact, float[] actual, int times) {
    assertEquals(exact.length, actual.length, what);
    double most = 0;
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      assertTrue(Float.isFinite(actual[i]), what + "[" + i + "] is " + actual[i]);
      most = Math.max(most, Math.abs(times * exact[i]));
      error = Math.max(error, Math.abs(times * exact[i] - actual[i]));
    }
    assertTrue(error <= BOUND * most, what + ": error " + error / most + ", bound " + BOUND);
  }
}
