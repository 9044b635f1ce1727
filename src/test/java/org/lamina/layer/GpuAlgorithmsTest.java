package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.layer.LayerCase.Values;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * Every algorithm of the GPU family, on geometries that end within a tile and go over several. What
 * is not finite spreads within the tiles of Winograd's algorithm, so it is not tried on that.
 */
final class GpuAlgorithmsTest {

  private static final Optional<Layer> RELU = Optional.of(new Relu());

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static Convolution conv(
      int filters, Extent kernel, Extent stride, Padding pad, Extent dilation, int groups) {
    Initializer zero = new Initializer.Constant(0);
    return new Convolution(filters, kernel, stride, pad, dilation, groups, true, zero, zero);
  }

  static List<LayerCase> cases() {
    Extent one = Extent.of(1);
    Extent three = Extent.of(3);
    return List.of(
        LayerCase.of(Convolution.of(70, 3).pad(1), new Chw(19, 9, 11)),
        LayerCase.of(Convolution.of(130, 1), new Chw(9, 7, 13)),
        LayerCase.of(conv(6, three, one, Padding.of(1), one, 2), new Chw(34, 6, 7)),
        LayerCase.of(Convolution.of(33, 5).pad(2).groups(3), new Chw(6, 8, 5)),
        LayerCase.of(Convolution.of(5, 11).stride(4), new Chw(3, 39, 23)),
        LayerCase.of(
            conv(7, new Extent(2, 5), new Extent(2, 1), new Padding(1, 3, 0, 2), three, 1),
            new Chw(4, 12, 19)),
        LayerCase.of(
            conv(3, three, new Extent(1, 2), Padding.of(2), new Extent(2, 1), 1),
            new Chw(40, 7, 8)),
        LayerCase.of(Convolution.of(8, 3).pad(1), new Chw(64, 5, 5)).with(Values.WITH_NAN),
        LayerCase.of(Convolution.of(8, 3).pad(1), new Chw(12, 5, 5)).with(Values.WITH_INFINITY),
        LayerCase.of(FullyConnected.of(131), new Chw(37, 3, 5)),
        LayerCase.of(FullyConnected.of(10), new Chw(64, 1, 1)),
        LayerCase.of(FullyConnected.of(3), new Chw(2, 3, 9)).with(Values.WITH_INFINITY));
  }

  private static Stream<Arguments> everything() {
    List<Arguments> all = new ArrayList<>();
    for (LayerCase tried : cases()) {
      Site site = new Site(Family.GPU, tried.signature(), 3, Optional.empty());
      boolean matrix = tried.layer() instanceof FullyConnected;
      boolean finite = tried.values() == Values.RANDOM;
      tried.layer().algorithms(site).stream()
          .filter(name -> finite || !name.startsWith("winograd"))
          .filter(name -> !matrix || !name.matches("gemm_(128x128|32x64)")) // as with windows
          .forEach(name -> all.add(Arguments.of(tried, name)));
    }
    return all.stream();
  }

  /** Returns the smallest cases that have all algorithms: Oclgrind interprets every one. */
  private static Stream<Arguments> smallest() {
    List<Arguments> all = new ArrayList<>();
    for (LayerCase tried :
        List.of(
            LayerCase.of(Convolution.of(5, 3).pad(1), new Chw(2, 3, 5)),
            LayerCase.of(FullyConnected.of(6), new Chw(33, 2, 2)))) {
      boolean convolution = tried.layer() instanceof Convolution;
      Site site = new Site(Family.GPU, tried.signature(), 2, Optional.empty());
      tried.layer().algorithms(site).stream()
          .filter(name -> name.matches(convolution ? "gemm.*|winograd.*" : "gemv|.*_split"))
          .forEach(name -> all.add(Arguments.of(tried, name)));
    }
    return all.stream();
  }

  @Tag("kernels")
  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("smallest")
  void theSmallestCasesMatchTheReference(LayerCase tried, String algorithm) {
    check(tried, algorithm, 2, 1);
  }

  @ParameterizedTest(name = "{0} by {1}")
  @MethodSource("everything")
  void everyAlgorithmMatchesTheReference(LayerCase tried, String algorithm) {
    check(tried, algorithm, 3, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gemm_64x64", "gemm_64x64_split", "winograd_4x4", "plain"})
  void aSumIsAddedBeforeTheActivation(String algorithm) {
    LayerCase tried = LayerCase.of(Convolution.of(7, 3).pad(1), new Chw(19, 5, 6));
    check(tried, site(tried, algorithm, 3).adding(), algorithm, 2);
  }

  @Test
  void aDepthwiseConvolutionAddsToo() {
    LayerCase tried = LayerCase.of(Convolution.of(5, 3).pad(1).groups(5), new Chw(5, 4, 6));
    check(tried, site(tried, "depthwise", 3).adding(), "depthwise", 2);
  }

  private static Site site(LayerCase tried, String algorithm, int batch) {
    Choices choices = Choices.defaults().algorithm(algorithm);
    return new Site(Family.GPU, tried.signature(), batch, RELU, choices);
  }

  private static void check(LayerCase tried, String algorithm, int batch, int images) {
    check(tried, site(tried, algorithm, batch), algorithm, images);
  }

  private static void check(LayerCase tried, Site site, String algorithm, int images) {
    try (LayerRun run = new LayerRun(session, tried, site, images, false)) {
      assertEquals(algorithm, run.algorithm());
      float[] y = run.run();
      run.assertRestUntouched();
      assertClose(run.expected(tried.layer(), RELU), y, algorithm);
      assertArrayEquals(y, run.run(), "a second run differs");
    }
  }

  private static void assertClose(Reference.Result expected, float[] y, String algorithm) {
    double most = 0;
    for (double exact : expected.y()) {
      most = Double.isFinite(exact) ? Math.max(most, Math.abs(exact)) : most;
    }
    double more = algorithm.startsWith("winograd") ? 2e-5 * most : 0;
    for (int i = 0; i < y.length; i++) {
      double exact = expected.y()[i];
      boolean close =
          Double.isNaN(exact)
              ? Float.isNaN(y[i])
              : exact == y[i] || Math.abs(exact - y[i]) <= expected.allowed()[i] + more;
      assertTrue(close, "y[%d] is %s instead of %s".formatted(i, y[i], exact));
    }
  }

  private static String first(Layer layer, Chw x, int batch) {
    Site site = new Site(Family.GPU, layer.infer(List.of(x)), batch, Optional.empty());
    return layer.algorithms(site).get(0);
  }

  @Test
  void theTileFollowsTheSizeOfTheWork() {
    Convolution wide = Convolution.of(256, 1);
    assertEquals("gemm_128x128", first(wide, new Chw(256, 56, 56), 64));
    assertEquals("gemm_64x64_split", first(Convolution.of(512, 1), new Chw(2048, 7, 7), 1));
    assertEquals("gemv", first(FullyConnected.of(4096), new Chw(256, 6, 6), 1));
    assertTrue(first(FullyConnected.of(4096), new Chw(256, 6, 6), 128).startsWith("gemm"));
    assertEquals("depthwise", first(Convolution.of(64, 3).groups(64), new Chw(64, 56, 56), 16));
  }

  @Test
  void noTileTakesMoreLocalMemoryThanEveryGpuHas() {
    for (GemmTile tile : List.of(GemmTile.LARGE, GemmTile.MEDIUM, GemmTile.SMALL)) {
      int floats = 2 * tile.k() * (tile.m() + tile.n() + 4);
      assertTrue(floats * Float.BYTES <= 32 << 10, tile.name());
      assertTrue(tile.group() <= 256, tile.name());
      assertEquals(0, tile.group() % tile.n(), tile.name());
      assertEquals(0, tile.group() % tile.k(), tile.name());
    }
  }

  @Test
  void moreComputeUnitsCutTheSumsIntoMoreParts() {
    Convolution layer = Convolution.of(512, 1);
    Signature signature = layer.infer(List.of(new Chw(2048, 7, 7)));
    Map<Integer, Long> scratch =
        Map.of(20, scratch(layer, signature, 20), 100, scratch(layer, signature, 100));
    assertTrue(scratch.get(100) > scratch.get(20), scratch.toString());
  }

  private static Measurements known(int units) {
    return new Measurements() {
      @Override
      public Optional<String> fastest(Layer each, Site site) {
        return Optional.empty();
      }

      @Override
      public boolean refuses(Layer each, Site site, String algorithm) {
        return false;
      }

      @Override
      public int computeUnits() {
        return units;
      }
    };
  }

  private static long scratch(Convolution layer, Signature signature, int units) {
    Measurements known = known(units);
    Choices choices = Choices.defaults().measurements(known).algorithm("gemm_64x64_split");
    return layer.compile(new Site(Family.GPU, signature, 1, Optional.empty(), choices)).scratch();
  }
}
