package org.lamina.layer;

import static java.util.regex.Pattern.MULTILINE;
import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

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

  // What the smallest case of its layer leaves out.
  private static final List<LayerCase> MORE =
      List.of(
          LayerCase.of(Convolution.of(4, 3).pad(1), new Chw(5, 3, 4)),
          LayerCase.of(Convolution.of(6, 3).pad(1).groups(2).stride(2), new Chw(6, 4, 3)),
          LayerCase.of(
              new LocalResponseNormalization(
                  3, 0.3, 0.75, 2, false, LocalResponseNormalization.Region.WITHIN_CHANNEL),
              new Chw(5, 3, 3)));

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
    Family cpu = FAMILIES.get(Drivers.builds(session, FAMILIES.get(1 + turn)) ? 1 + turn : 1);
    for (Family family : List.of(Family.GPU, cpu)) {
      check(values, family, byInput, byParameter, false);
      if (GradientRun.sharable(values, family)) {
        check(values, family, byInput, byParameter, true);
      }
    }
  }

  /** One small case of every layer, for Oclgrind to look for bad accesses and races. */
  @Test
  @Tag("kernels")
  void everyKernelOfTheWayBackRuns() throws IOException {
    assumeFalse(Drivers.buildSlowly(session), "the other test runs most of them there");
    List<LayerCase> tried = new ArrayList<>(MORE);
    Map<String, LayerCase> smallest = new TreeMap<>();
    cases()
        .filter(each -> size(each) >= 40)
        .forEach(
            each -> smallest.merge(each.layer().key(), each, (a, b) -> size(b) < size(a) ? b : a));
    tried.addAll(smallest.values());
    Set<String> ran = new TreeSet<>();
    for (LayerCase each : tried) {
      GradientValues values = GradientValues.of(each, 2);
      for (Family family : List.of(Family.GPU, Family.cpu(4))) {
        try (GradientRun run = new GradientRun(session, family, values, 3, false)) {
          run.run(false);
          run.assertRestUntouched();
          run.inputGradient(0);
          ran.addAll(run.kernels());
        }
      }
    }
    Set<String> left = new TreeSet<>();
    Pattern kernel = Pattern.compile("^kernel .*?void (\\w*(backward|gradient)\\w*)\\(", MULTILINE);
    try (Stream<Path> files = Files.list(Path.of("opencl"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".cl")).toList()) {
        kernel.matcher(Files.readString(file)).results().forEach(found -> left.add(found.group(1)));
      }
    }
    left.removeAll(ran);
    left.removeIf(name -> name.startsWith("winograd_")); // WeightsGradientTest has them
    left.remove("batch_frozen_backward"); // and TrainingKernelsTest this one
    assertEquals(Set.of(), left, "no case here makes these kernels run");
  }

  private static long size(LayerCase each) {
    Signature signature = each.signature();
    long volume = signature.output().volume() + signature.macs();
    for (Chw x : signature.inputs()) {
      volume += x.volume();
    }
    return volume;
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
