package org.lamina.layer;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.LayerProgram.Aliasing;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * What every layer promises, checked for every layer in both kernel families on whatever device
 * OpenCL offers.
 */
@Tag("kernels")
final class LayerContractTest {

  private static final List<Family> FAMILIES =
      List.of(Family.GPU, Family.cpu(4), Family.cpu(8), Family.cpu(16));
  private static final List<Layer> ACTIVATIONS =
      List.of(
          new Relu(),
          new LeakyRelu(0.25),
          new Sigmoid(),
          new Tanh(),
          new Clip(0, 0.5),
          new HardSwish(),
          new Swish(1.5));

  private static Session session;

  /** Whether kernels are interpreted by Oclgrind, a thousand times slower than compiled. */
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

  private static Stream<Arguments> everything() {
    return LayerCases.all()
        .flatMap(tried -> FAMILIES.stream().map(family -> Arguments.of(tried, family)));
  }

  private static Stream<Arguments> sharing() {
    return everything()
        .filter(
            arguments -> {
              LayerCase tried = (LayerCase) arguments.get()[0];
              Family family = (Family) arguments.get()[1];
              return program(tried, family).aliasing() != Aliasing.NONE;
            });
  }

  private static LayerProgram program(LayerCase tried, Family family) {
    return tried.layer().compile(new Site(family, tried.signature(), 1, Optional.empty()));
  }

  @Test
  void everyLayerTypeHasACase() {
    Set<Class<?>> tried = LayerCases.all().map(each -> each.layer().getClass()).collect(toSet());
    assertEquals(Set.of(Layer.class.getPermittedSubclasses()), tried);
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("everything")
  void deviceMatchesReference(LayerCase tried, Family family) {
    assumeTrue(Drivers.builds(session, family), "takes this driver minutes to build");
    List<Optional<Layer>> all = fused(tried, family);
    if (interpreted) { // to find bad accesses and races, which one run shows
      check(tried, family, all.get(all.size() - 1), Choices.defaults(), 3, 2, false);
      return;
    }
    for (Optional<Layer> fused : all) {
      check(tried, family, fused, Choices.defaults(), 1, 1, false);
      check(tried, family, fused, Choices.defaults(), 4, 3, false);
    }
  }

  @ParameterizedTest(name = "{1}: {0} by {2}")
  @MethodSource("alternatives")
  void everyAlgorithmMatchesReference(LayerCase tried, Family family, String algorithm) {
    // llvmpipe takes many minutes to build the large kernels, and one of them, Winograd's of 11×11
    // with a stride, gives wrong results there alone.
    assumeFalse(
        session.device().name().startsWith("llvmpipe"),
        "the algorithms of CPUs are not tried on llvmpipe");
    List<Optional<Layer>> all = fused(tried, family);
    Choices choices = Choices.defaults().algorithm(algorithm);
    check(tried, family, all.get(all.size() - 1), choices, 3, 2, false);
  }

  /**
   * Returns the algorithms that {@link #everything} does not try, all but the first choice: each
   * case on one family, in turn, because building kernels takes most of the time. Those of GPUs are
   * tried by {@link GpuAlgorithmsTest}.
   */
  private static Stream<Arguments> alternatives() {
    List<LayerCase> cases = LayerCases.all().toList();
    List<Arguments> all = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Family family = FAMILIES.get(i % FAMILIES.size());
      LayerCase tried = cases.get(i);
      Site site = new Site(family, tried.signature(), 1, Optional.empty());
      tried.layer().algorithms(site).stream()
          .skip(1)
          .filter(algorithm -> family.isCpu())
          .filter(algorithm -> !algorithm.equals("plain")) // some geometries get it first
          .forEach(algorithm -> all.add(Arguments.of(tried, family, algorithm)));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("sharing")
  void sharedMemoryChangesNothing(LayerCase tried, Family family) {
    assumeTrue(Drivers.builds(session, family), "takes this driver minutes to build");
    for (Optional<Layer> fused : fused(tried, family)) {
      check(tried, family, fused, Choices.defaults(), 4, 3, true);
    }
  }

  private static Stream<Arguments> adding() {
    List<LayerCase> cases = ConvolutionCases.adding();
    List<Arguments> all = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Family family = FAMILIES.get(1 + i % (FAMILIES.size() - 1));
      LayerCase tried = cases.get(i);
      Site site = new Site(family, tried.signature(), 1, Optional.empty()).adding();
      tried
          .layer()
          .algorithms(site)
          .forEach(algorithm -> all.add(Arguments.of(tried, family, algorithm)));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{1}: {0} by {2}")
  @MethodSource("adding")
  void aSumIsAddedBeforeTheActivation(LayerCase tried, Family family, String algorithm) {
    assumeFalse(
        session.device().name().startsWith("llvmpipe"),
        "the algorithms of CPUs are not tried on llvmpipe");
    Choices choices = Choices.defaults().algorithm(algorithm);
    for (Optional<Layer> fused : List.of(Optional.<Layer>empty(), Optional.<Layer>of(new Relu()))) {
      check(new Site(family, tried.signature(), 3, fused, choices).adding(), tried, 2, false);
    }
  }

  @Test
  void onlyWhatCanAddIsAskedTo() {
    LayerCase convolution = ConvolutionCases.adding().get(0);
    LayerCase matrix = LayerCase.of(FullyConnected.of(5), new Chw(5, 4, 4));
    for (Family family : FAMILIES) {
      Site site = new Site(family, convolution.signature(), 1, Optional.empty());
      assertTrue(convolution.layer().adds(site));
      Site other = new Site(family, matrix.signature(), 1, Optional.empty());
      assertFalse(matrix.layer().adds(other));
    }
  }

  /** Returns no activation and, if the layer applies one itself, each in turn. */
  private static List<Optional<Layer>> fused(LayerCase tried, Family family) {
    List<Optional<Layer>> all = new ArrayList<>();
    all.add(Optional.empty());
    int turn = tried.hashCode() + FAMILIES.indexOf(family);
    Layer activation = ACTIVATIONS.get(Math.floorMod(turn, ACTIVATIONS.size()));
    if (tried.layer().fuses(activation)) {
      all.add(Optional.of(activation));
    }
    return all;
  }

  private static void check(
      LayerCase tried,
      Family family,
      Optional<Layer> fused,
      Choices choices,
      int batch,
      int images,
      boolean share) {
    Site site = new Site(family, tried.signature(), batch, fused, choices);
    check(site, tried, images, share);
  }

  private static void check(Site site, LayerCase tried, int images, boolean share) {
    Optional<Layer> fused = site.fused();
    try (LayerRun run = new LayerRun(session, tried, site, images, share)) {
      float[] y = run.run();
      run.assertRestUntouched();
      assertClose(run.expected(tried.layer(), fused), y, fused, ofLargest(run.algorithm()));
      if (!interpreted) {
        assertArrayEquals(bits(y), bits(run.run()), "a second run differs");
      }
    }
  }

  /** Returns the error that an algorithm may add, as a share of the largest value of the result. */
  private static double ofLargest(String algorithm) {
    return algorithm.startsWith("winograd") ? 2e-5 : 0;
  }

  private static void assertClose(
      Reference.Result expected, float[] y, Optional<Layer> fused, double ofLargest) {
    double more =
        ofLargest == 0
            ? 0
            : ofLargest * Arrays.stream(expected.y()).map(Math::abs).max().orElseThrow();
    assertEquals(expected.y().length, y.length, "length of y");
    for (int i = 0; i < y.length; i++) {
      double exact = expected.y()[i];
      boolean close =
          Double.isNaN(exact)
              ? Float.isNaN(y[i])
              : exact == y[i] || Math.abs(exact - y[i]) <= expected.allowed()[i] + more;
      if (!close) {
        fail(
            "y[%d]%s is %s, but the reference says %s ± %.1e"
                .formatted(
                    i,
                    fused.map(layer -> " with " + layer).orElse(""),
                    y[i],
                    exact,
                    expected.allowed()[i]));
      }
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void fusesOnlyActivations() {
    List<Layer> layers = LayerCases.all().map(LayerCase::layer).toList();
    for (Layer layer : layers) {
      for (Layer next : layers) {
        boolean activation = ACTIVATIONS.stream().anyMatch(a -> a.key().equals(next.key()));
        assertTrue(activation || !layer.fuses(next), layer + " fuses " + next);
      }
    }
  }
}
