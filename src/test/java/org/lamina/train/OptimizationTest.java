package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.Drivers;
import org.lamina.layer.Family;
import org.lamina.layer.InvalidParameterException;
import org.lamina.opencl.Device;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.train.Optimization.Target;
import org.lamina.train.Optimizer.Adam;
import org.lamina.train.Optimizer.AdamW;
import org.lamina.train.Optimizer.Lars;
import org.lamina.train.Optimizer.RmsProp;
import org.lamina.train.Optimizer.Sgd;

/** Every optimiser against its formula in double precision, over several steps and tensors. */
@Tag("drivers")
final class OptimizationTest {

  private static final Optimizer PLAIN_LARS = new Lars(0.9, 5e-4, 0.02, 1e-9);
  private static final int FLOATS = 120;
  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static List<Optimizer> optimizers() {
    return List.of(
        new Sgd(0, 0.01, false, Sgd.Form.PAPER),
        new Sgd(0.9, 0.01, false, Sgd.Form.PAPER),
        new Sgd(0.9, 0.01, true, Sgd.Form.PAPER),
        new Sgd(0, 0.01, false, Sgd.Form.PYTORCH),
        new Sgd(0.9, 0.01, false, Sgd.Form.PYTORCH),
        new Sgd(0.9, 0.01, true, Sgd.Form.PYTORCH),
        new Adam(0.9, 0.999, 1e-8, 0.01),
        new AdamW(0.9, 0.99, 1e-6, 0.1),
        new RmsProp(0.9, 0, 1e-8, 0.01),
        new RmsProp(0.9, 0.8, 1e-8, 0.01),
        PLAIN_LARS);
  }

  private static Stream<Arguments> cases() {
    return optimizers().stream()
        .flatMap(
            optimizer ->
                Stream.of(1, 4, 8, 16)
                    .filter(vector -> vector < 4 || vector == 8 || optimizer instanceof Sgd)
                    .map(vector -> Arguments.of(optimizer, new Family(vector))));
  }

  /** Three tensors of odd sizes with a gap that nobody may touch, rates that change, clipping. */
  @ParameterizedTest
  @MethodSource("cases")
  void followsItsFormula(Optimizer optimizer, Family family) {
    assumeTrue(Drivers.builds(session, family), "takes this driver minutes to build");
    List<Target> targets =
        List.of(
            new Target("a", 3, 37, 1, 1),
            new Target("b", 40, 5, 2, 0),
            new Target("c", 60, 59, 1, 1));
    Random random = new Random(7);
    float[] start = gaussian(random, 1);
    double clip = 3;
    try (DeviceBuffer weights = session.allocate(FLOATS);
        DeviceBuffer gradients = session.allocate(FLOATS);
        Optimization optimization =
            new Optimization(session, family, optimizer, targets, weights, gradients, clip)) {
      weights.write(start);
      List<OptimizerReference> references =
          targets.stream().map(target -> reference(optimizer, target, start)).toList();
      for (int t = 1; t <= 3; t++) {
        float[] gradient = gaussian(random, t == 2 ? 0.05 : 1);
        gradients.write(gradient);
        double rate = 0.1 / t;
        optimization.step(rate, t);
        double norm = Math.sqrt(squares(targets, gradient));
        assertEquals(norm, optimization.gradientNorm(), 1e-5 * norm);
        double factor = norm > clip ? clip / norm : 1;
        for (int k = 0; k < targets.size(); k++) {
          references.get(k).step(slice(targets.get(k), gradient, factor), rate, t);
        }
      }
      compare(targets, references, start, weights.read());
    }
  }

  @Test
  void withoutNormsNoneIsKnown() {
    try (DeviceBuffer weights = session.allocate(FLOATS);
        DeviceBuffer gradients = session.allocate(FLOATS);
        Optimization optimization =
            new Optimization(
                session,
                Family.GPU,
                new Sgd(0, 0, false, Sgd.Form.PAPER),
                List.of(new Target("a", 0, FLOATS, 1, 1)),
                weights,
                gradients,
                0)) {
      float[] start = gaussian(new Random(1), 1);
      float[] gradient = gaussian(new Random(2), 100);
      weights.write(start);
      gradients.write(gradient);
      optimization.step(1, 1);
      float[] expected = new float[FLOATS];
      for (int i = 0; i < FLOATS; i++) {
        expected[i] = start[i] - gradient[i];
      }
      assertArrayEquals(expected, weights.read(), 1e-4f);
      assertThrows(IllegalStateException.class, optimization::gradientNorm);
    }
  }

  @Test
  void wrongConstantsAreRefused() {
    assertWrong("momentum must be at least 0 and less than 1, but is 1.0", () -> sgd(1, false));
    assertWrong("nesterov needs a momentum above 0", () -> sgd(0, true));
    assertWrong("epsilon must be greater than 0, but is 0.0", () -> new Adam(0.9, 0.9, 0, 0));
    assertWrong("weight_decay must be at least 0, but is -1.0", () -> new AdamW(0, 0, 1, -1));
  }

  private static Optimizer sgd(double momentum, boolean nesterov) {
    return new Sgd(momentum, 0, nesterov, Sgd.Form.PAPER);
  }

  private static void assertWrong(String message, Runnable maker) {
    assertEquals(message, assertThrows(InvalidParameterException.class, maker::run).getMessage());
  }

  private static OptimizerReference reference(Optimizer optimizer, Target target, float[] start) {
    float[] own = new float[(int) target.floats()];
    System.arraycopy(start, (int) target.offset(), own, 0, own.length);
    return new OptimizerReference(optimizer, own, target.rate(), target.decay());
  }

  private static double squares(List<Target> targets, float[] gradient) {
    return targets.stream()
        .mapToDouble(target -> OptimizerReference.squares(slice(target, gradient, 1)))
        .sum();
  }

  private static double[] slice(Target target, float[] values, double factor) {
    double[] slice = new double[(int) target.floats()];
    for (int i = 0; i < slice.length; i++) {
      slice[i] = factor * values[(int) target.offset() + i];
    }
    return slice;
  }

  private static void compare(
      List<Target> targets, List<OptimizerReference> references, float[] start, float[] found) {
    boolean[] touched = new boolean[FLOATS];
    for (int k = 0; k < targets.size(); k++) {
      Target target = targets.get(k);
      for (int i = 0; i < target.floats(); i++) {
        int at = (int) target.offset() + i;
        double expected = references.get(k).weights[i];
        assertEquals(
            expected, found[at], 2e-5 * Math.max(1, Math.abs(expected)), target.name() + i);
        assertTrue(found[at] != start[at], "nothing changed");
        touched[at] = true;
      }
    }
    for (int i = 0; i < FLOATS; i++) {
      assertTrue(touched[i] || found[i] == start[i], "touched what lies between tensors: " + i);
    }
  }

  private static float[] gaussian(Random random, double deviation) {
    float[] values = new float[FLOATS];
    for (int i = 0; i < FLOATS; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }
}
