package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.LayerCase.Values;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * The bounds that every algorithm and every precision keeps, as a share of the largest value of the
 * result, on inputs that are hard to add up: a large mean, and a wide range.
 */
class AccuracyTest {

  /** Single precision, products as they are: rounding alone. */
  private static final double DIRECT = 1e-5;

  /** Single precision, through the transforms of Winograd's algorithm. */
  private static final double WINOGRAD = 1e-4;

  /** Weights with 11 significant bits. */
  private static final double HALF = 1e-3;

  /** Weights with 8 bits, a scale for each output. */
  private static final double INT8 = 1.5e-2;

  private static final List<Values> HARD = List.of(Values.RANDOM, Values.BIASED, Values.WIDE);

  private static final List<Family> FAMILIES = List.of(Family.cpu(8), Family.GPU);

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static Stream<Arguments> convolutions() {
    List<LayerCase> cases =
        List.of(
            LayerCase.of(Convolution.of(24, 3).pad(1), new Chw(96, 9, 10)),
            LayerCase.of(Convolution.of(32, 5).pad(2).groups(2), new Chw(64, 7, 6)),
            LayerCase.of(Convolution.of(16, 11).stride(4), new Chw(3, 39, 43)),
            LayerCase.of(Convolution.of(16, 7).stride(2).pad(3), new Chw(3, 21, 20)));
    List<Arguments> all = new ArrayList<>();
    for (Family family : FAMILIES) {
      for (LayerCase each : cases) {
        Site site = new Site(family, each.signature(), 2, Optional.empty());
        for (String algorithm : each.layer().algorithms(site)) {
          HARD.forEach(values -> all.add(Arguments.of(family, each.with(values), algorithm)));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}: {1} by {2}")
  @MethodSource("convolutions")
  void convolutionsKeepTheirBounds(Family family, LayerCase tried, String algorithm) {
    Choices choices = Choices.defaults().algorithm(algorithm);
    boolean winograd = algorithm.startsWith("winograd");
    check(family, tried, choices, winograd ? WINOGRAD : DIRECT);
    check(family, tried, choices.precision(Precision.HALF), HALF);
  }

  private static Stream<Arguments> products() {
    LayerCase matrix = LayerCase.of(FullyConnected.of(50), new Chw(70, 4, 5));
    List<Arguments> all = new ArrayList<>();
    for (Family family : FAMILIES) {
      Site site = new Site(family, matrix.signature(), 2, Optional.empty());
      for (String algorithm : matrix.layer().algorithms(site)) {
        HARD.forEach(values -> all.add(Arguments.of(family, matrix.with(values), algorithm)));
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}: {1} by {2}")
  @MethodSource("products")
  void fullyConnectedLayersKeepTheirBounds(Family family, LayerCase tried, String algorithm) {
    Choices choices = Choices.defaults().algorithm(algorithm);
    check(family, tried, choices, DIRECT);
    check(family, tried, choices.precision(Precision.HALF), HALF);
    check(family, tried, choices.precision(Precision.INT8), INT8);
  }

  private static void check(Family family, LayerCase tried, Choices choices, double bound) {
    try (LayerRun run =
        new LayerRun(session, family, tried, Optional.empty(), choices, 2, 2, false)) {
      float[] y = run.run();
      run.assertRestUntouched();
      assertArrayEquals(y, run.run(), "a second run differs");
      double[] exact = run.expected(tried.layer(), Optional.empty()).y();
      double most = 0;
      double error = 0;
      for (int i = 0; i < y.length; i++) {
        most = Math.max(most, Math.abs(exact[i]));
        error = Math.max(error, Math.abs(exact[i] - y[i]));
      }
      double share = error / most;
      String what = "%s by %s, %s".formatted(tried, run.algorithm(), choices.precision());
      assertTrue(share <= bound, what + ": error " + share + ", bound " + bound);
    }
  }
}
