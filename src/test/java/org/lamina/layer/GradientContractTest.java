package org.lamina.layer;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;

/**
 * The way back of every layer against central differences: every case on GPU kernels and, in turn,
 * on one of the vector widths.
 */
@Tag("drivers")
final class GradientContractTest {

  private static final List<Family> FAMILIES =
      List.of(Family.GPU, Family.cpu(4), Family.cpu(8), Family.cpu(16));

  // Elements of a tensor whose derivatives are tried; all of smaller tensors.
  private static final int TRIED = 24;

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static Stream<LayerCase> cases() {
    return LayerCases.all().filter(tried -> tried.values() == LayerCase.Values.RANDOM);
  }

  @Test
  void everyLayerTypeHasAGradient() {
    Set<String> tried = cases().map(each -> each.layer().key()).collect(toSet());
    Set<String> all = LayerCases.all().map(each -> each.layer().key()).collect(toSet());
    assertEquals(all, tried);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void deviceMatchesCentralDifferences(LayerCase tried) {
    GradientValues values = GradientValues.of(tried, 3);
    List<double[]> byInput = new ArrayList<>();
    for (int k = 0; k < values.inputs().size(); k++) {
      int input = k;
      byInput.add(
          expected(values.inputs().get(k).length, element -> values.byInput(input, element)));
    }
    List<Optional<double[]>> byParameter = new ArrayList<>();
    for (int k = 0; k < values.parameters().size(); k++) {
      int parameter = k;
      byParameter.add(
          values.signature().parameters().get(k).learned()
              ? Optional.of(
                  expected(
                      values.parameters().get(k).values().length,
                      element -> values.byParameter(parameter, element)))
              : Optional.empty());
    }
    int turn = Math.floorMod(tried.toString().hashCode(), FAMILIES.size() - 1);
    for (Family family : List.of(Family.GPU, FAMILIES.get(1 + turn))) {
      check(values, family, byInput, byParameter, false);
      if (GradientRun.sharable(values, family)) {
        check(values, family, byInput, byParameter, true);
      }
    }
  }

  /** Returns the derivatives by some elements, evenly spread; NaN for the others. */
  private static double[] expected(int length, java.util.function.IntToDoubleFunction derivative) {
    double[] all = new double[length];
    int tried = 0;
    for (int i = 0; i < length; i++) {
      boolean turn = (long) tried * length <= (long) i * TRIED;
      all[i] = turn ? derivative.applyAsDouble(i) : Double.NaN;
      tried += turn ? 1 : 0;
    }
    return all;
  }

  private static void check(
      GradientValues values,
      Family family,
      List<double[]> byInput,
      List<Optional<double[]>> byParameter,
      boolean share) {
    try (GradientRun run = new GradientRun(session, family, values, 4, share)) {
      run.run(false);
      run.assertRestUntouched();
      List<float[]> dx = new ArrayList<>();
      for (int k = 0; k < byInput.size(); k++) {
        dx.add(run.inputGradient(k));
        compare(family + " dx" + k, byInput.get(k), dx.get(k), 1);
      }
      for (int k = 0; k < byParameter.size(); k++) {
        String name = family + " d" + values.signature().parameters().get(k).name();
        assertEquals(byParameter.get(k).isPresent(), run.parameterGradient(k).isPresent(), name);
        if (byParameter.get(k).isPresent()) {
          compare(name, byParameter.get(k).get(), run.parameterGradient(k).get(), 1);
        }
      }
      run.restore();
      run.run(true);
      for (int k = 0; k < byInput.size(); k++) {
        assertArrayEquals(dx.get(k), run.inputGradient(k), "a second run differs");
      }
      for (int k = 0; k < byParameter.size(); k++) {
        if (byParameter.get(k).isPresent()) {
          compare(family + " added", byParameter.get(k).get(), run.parameterGradient(k).get(), 2);
        }
      }
    }
  }

  private static void compare(String what, double[] expected, float[] actual, int times) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      assertTrue(Float.isFinite(actual[i]), what + "[" + i + "] is " + actual[i]);
      double scale = Math.max(1, Math.max(Math.abs(times * expected[i]), Math.abs(actual[i])));
      boolean wrong = Math.abs(times * expected[i] - actual[i]) > 1e-3 * scale;
      assertTrue(
          !wrong,
          "%s[%d] is %s, but central differences say %s"
              .formatted(what, i, actual[i], times * expected[i]));
    }
  }
}
