package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.layer.Drivers;
import org.lamina.layer.Extent;
import org.lamina.layer.Family;
import org.lamina.layer.LocalResponseNormalization;
import org.lamina.layer.LocalResponseNormalization.Region;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Padding;
import org.lamina.layer.Rounding;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * A local response normalisation and the max pooling after it run as one on CPUs, with the bits
 * that both have by themselves, which the layers' own tests compare with references.
 */
@Tag("kernels")
final class PooledNormalizationTest {

  private static final int BATCH = 3;
  private static final LocalResponseNormalization PAPER =
      normalization(5, 1e-2, Region.ACROSS_CHANNELS);

  private static Session session;

  /** Whether kernels are interpreted by Oclgrind, a thousand times slower than compiled. */
  private static boolean interpreted;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
    interpreted = session.device().platform().contains("Oclgrind");
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static LocalResponseNormalization normalization(int size, double alpha, Region region) {
    return new LocalResponseNormalization(size, alpha, 0.75, 2, false, region);
  }

  private static MaxPooling pooling(int h, int w, int down, int right, int pad, Rounding round) {
    return new MaxPooling(new Extent(h, w), new Extent(down, right), Padding.of(pad), round);
  }

  private static Network network(Chw x, LocalResponseNormalization norm, MaxPooling pool) {
    return Network.named("both")
        .input(x.c(), x.h(), x.w())
        .layer("norm", norm)
        .layer("pool", pool)
        .build();
  }

  private static Stream<Arguments> geometries() {
    var wide = normalization(11, 0.3, Region.ACROSS_CHANNELS);
    var alone = normalization(1, 0.3, Region.ACROSS_CHANNELS);
    List<Network> networks =
        List.of(
            network(new Chw(17, 13, 21), PAPER, pooling(3, 3, 2, 2, 0, Rounding.FLOOR)),
            network(new Chw(8, 12, 34), PAPER, pooling(3, 3, 2, 2, 1, Rounding.CEIL)),
            network(new Chw(141, 4, 5), PAPER, pooling(2, 2, 2, 2, 0, Rounding.FLOOR)),
            network(new Chw(5, 9, 18), wide, pooling(4, 2, 1, 3, 1, Rounding.CEIL)),
            network(new Chw(6, 8, 19), alone, pooling(2, 4, 4, 1, 1, Rounding.FLOOR)),
            network(new Chw(6, 6, 20), alone, pooling(3, 3, 1, 1, 2, Rounding.CEIL)),
            network(new Chw(3, 1, 1), PAPER, pooling(1, 1, 1, 1, 0, Rounding.FLOOR)));
    return networks.stream()
        .flatMap(each -> Stream.of(4, 8, 16).map(vector -> Arguments.of(each, Family.cpu(vector))));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("geometries")
  void bitsAreThoseOfBothAlone(Network network, Family family) {
    assumeTrue(Drivers.builds(session, family), "takes this driver minutes to build");
    if (interpreted) { // to find bad accesses and races, which one run shows
      assumeTrue(family.vector() == 4, "one width is enough for an interpreter");
      for (float value : run(Schedule.of(network, family, 1), values(network, 1))) {
        assertFalse(Float.isNaN(value), "not written, or of what was not written");
      }
      return;
    }
    float[] values = values(network, BATCH);
    compare(network, family, values);
    values[values.length / 2] = Float.NaN;
    values[values.length / 3] = Float.POSITIVE_INFINITY;
    compare(network, family, values);
  }

  private static float[] values(Network network, int images) {
    float[] values = new float[Math.toIntExact(network.inputs().get("input").volume()) * images];
    Random random = new Random(5);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian()));
    }
    return values;
  }

  private static void compare(Network network, Family family, float[] values) {
    float[] apart =
        run(Schedule.of(network, family, BATCH, Set.of("norm"), Long.MAX_VALUE), values);
    Schedule together = Schedule.of(network, family, BATCH);
    assertArrayEquals(apart, run(together, values));
    assertArrayEquals(apart, run(together, values), "the second time");
  }

  private static float[] run(Schedule schedule, float[] values) {
    try (Plan plan = Plan.of(schedule, session, name -> null)) {
      plan.arenas().forEach(arena -> arena.write(spoiled(Math.toIntExact(arena.floats()))));
      plan.input().put(values);
      plan.run(schedule.batch());
      float[] results = new float[plan.output("pool").remaining()];
      plan.output("pool").get(results);
      return results;
    }
  }

  private static float[] spoiled(int floats) {
    float[] values = new float[floats];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  @Test
  void resultsThatAreAskedForExist() {
    Network network = network(new Chw(8, 9, 9), PAPER, pooling(3, 3, 2, 2, 0, Rounding.FLOOR));
    assertEquals(List.of("norm + pool"), labels(network, Family.cpu(8), Set.of()));
    assertEquals(List.of("norm", "pool"), labels(network, Family.cpu(8), Set.of("norm")));
    assertEquals(List.of("norm", "pool"), labels(network, Family.GPU, Set.of()));
  }

  @Test
  void whatTheKernelCannotDoIsApart() {
    Chw x = new Chw(8, 9, 9);
    var within = normalization(3, 0.3, Region.WITHIN_CHANNEL);
    List<Network> networks =
        List.of(
            network(x, within, pooling(3, 3, 2, 2, 0, Rounding.FLOOR)),
            network(x, PAPER, pooling(5, 5, 2, 2, 0, Rounding.FLOOR)));
    networks.forEach(
        each -> assertEquals(List.of("norm", "pool"), labels(each, Family.cpu(8), Set.of())));
  }

  private static List<String> labels(Network network, Family family, Set<String> kept) {
    return Schedule.of(network, family, BATCH, kept, Long.MAX_VALUE)
        .operations()
        .operations()
        .stream()
        .filter(operation -> operation.step().isPresent())
        .map(Operation::label)
        .toList();
  }
}
