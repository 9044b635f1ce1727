package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Drivers;
import org.lamina.layer.Dropout;
import org.lamina.layer.Extent;
import org.lamina.layer.Family;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Initializer;
import org.lamina.layer.Padding;
import org.lamina.layer.Relu;
import org.lamina.layer.Sigmoid;
import org.lamina.layer.Softmax;
import org.lamina.layer.Tanh;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.Node;
import org.lamina.network.Preprocessing;
import org.lamina.network.RandomNetwork;
import org.lamina.opencl.Device;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
import org.lamina.weights.SeededWeights;

/** Plans against the references, for whole networks. */
class PlanTest {

  private static final List<Family> FAMILIES = List.of(Family.GPU, Family.cpu(4), Family.cpu(8));

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  /** Small enough for Oclgrind, with a halo, a fused activation, slices and an in-place layer. */
  @Test
  @Tag("kernels")
  void aSmallNetworkAgreesWithTheReference() {
    Initializer some = new Initializer.Normal(0, 0.5);
    Convolution convolution =
        new Convolution(
            4, Extent.of(3), Extent.of(1), Padding.of(1), Extent.of(1), 1, true, some, some);
    Network network =
        Network.of(
            "small",
            Map.of("data", new Chw(4, 3, 3)),
            List.of(
                Entry.of("conv", convolution, "data"),
                Entry.of("relu", new Relu(), "conv"),
                Entry.of("drop", new Dropout(0.5), "data"),
                Entry.of("tanh", new Tanh(), "drop"),
                Entry.of("all", new Concat(), "relu", "tanh"),
                Entry.of("fc", new FullyConnected(5, true, some, some), "all"),
                Entry.of("prob", new Softmax(), "fc")),
            Preprocessing.NONE);
    agreesWithTheReference(network, 1, List.of(Family.GPU, Family.cpu(4)));
  }

  @ParameterizedTest
  @Tag("drivers")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void randomNetworksAgreeWithTheReference(long seed) {
    agreesWithTheReference(RandomNetwork.of(seed), seed, FAMILIES);
  }

  private static void agreesWithTheReference(Network network, long seed, List<Family> families) {
    Random random = new Random(seed);
    int batch = 3;
    int images = 1 + random.nextInt(batch);
    Map<String, float[]> inputs = inputs(network, images, random);
    Function<String, Tensor> weights = weights(network, seed);
    Map<String, double[]> expected = ReferenceRun.of(network, images, inputs, weights);
    Set<String> some =
        network.nodes().stream()
            .map(Node::name)
            .filter(name -> random.nextInt(4) == 0)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (Family family : Drivers.built(session, families)) {
      Schedule schedule = Schedule.of(network, family, batch, some, Long.MAX_VALUE);
      long before = session.bytesAllocated();
      try (Plan plan = Plan.of(schedule, session, weights)) {
        assertEquals(schedule.bytes(), session.bytesAllocated() - before, "bytes");
        poison(plan);
        Map<String, float[]> first = run(plan, inputs, images);
        first.forEach(
            (name, values) -> assertClose(family + " " + name, expected.get(name), values));
        // The arena now holds other things: nothing may depend on what it held.
        Map<String, float[]> second = run(plan, inputs, images);
        first.forEach((name, values) -> assertArrayEquals(values, second.get(name), name));
      }
      assertEquals(before, session.bytesAllocated(), "everything is released");
    }
  }

  @Test
  void aRunMayHaveFewerImagesThanTheBatch() {
    Network network = chain();
    try (Plan plan = Plan.of(network, session, 5, weights(network, 1))) {
      Map<String, float[]> inputs = inputs(network, 5, new Random(3));
      float[] all = run(plan, inputs, 5).get("c");
      int image = all.length / 5;
      for (int images = 1; images < 5; images++) {
        float[] some = run(plan, inputs, images).get("c");
        for (int i = 0; i < images * image; i++) {
          assertEquals(all[i], some[i], "image " + i / image + " of " + images);
        }
      }
    }
  }

  @Test
  @Tag("drivers")
  void aRunTakesTheInputFromTheHostsMemoryAndLeavesItThere() {
    Network network = chain();
    try (Plan plan = Plan.of(network, session, 1, weights(network, 1))) {
      float[] values = inputs(network, 1, new Random(4)).get("data");
      Map<String, float[]> first = run(plan, Map.of("data", values), 1);
      float[] left = new float[values.length];
      plan.input().get(left);
      assertArrayEquals(values, left);
      poison(plan);
      assertArrayEquals(first.get("c"), run(plan, Map.of(), 1).get("c"));
      plan.input().put(0, 3);
      assertEquals(
          (float) Math.tanh(1 / (1 + Math.exp(-3))), run(plan, Map.of(), 1).get("c")[0], 1e-6);
    }
  }

  @Test
  @Tag("drivers")
  void morePlanesThanALaunchTakesAreAllComputed() {
    Network network =
        Network.of(
            "wide",
            Map.of("data", new Chw(70_000, 1, 1)),
            List.of(Entry.of("tanh", new Tanh(), "data")),
            Preprocessing.NONE);
    agreesWithTheReference(network, 1, List.of(Family.GPU));
  }

  @Test
  void misuseIsExplained() {
    Network network = chain();
    Plan plan = Plan.of(network, session, 2, weights(network, 1));
    try (plan) {
      assertEquals(
          "a run takes 1 to 2 images, but was given 3",
          assertThrows(IllegalArgumentException.class, () -> plan.run(3)).getMessage());
      assertEquals(
          "the plan has no output 'b'; it has [c]",
          assertThrows(IllegalArgumentException.class, () -> plan.output("b")).getMessage());
      assertEquals(
          "the plan has no input 'dat', did you mean 'data'?; it has [data]",
          assertThrows(IllegalArgumentException.class, () -> plan.input("dat")).getMessage());
    }
    plan.close();
    assertEquals(
        "the plan is closed",
        assertThrows(IllegalStateException.class, () -> plan.run(1)).getMessage());
  }

  private static Network chain() {
    return Network.of(
        "chain",
        Map.of("data", new Chw(5, 6, 7)),
        List.of(
            Entry.of("a", new Relu(), "data"),
            Entry.of("b", new Sigmoid(), "a"),
            Entry.of("c", new Tanh(), "b")),
        Preprocessing.NONE);
  }

  static Function<String, Tensor> weights(Network network, long seed) {
    SeededWeights weights = new SeededWeights(network, seed);
    return name -> weights.read(name).orElseThrow();
  }

  static Map<String, float[]> inputs(Network network, int images, Random random) {
    Map<String, float[]> inputs = new HashMap<>();
    network
        .inputs()
        .forEach(
            (name, shape) -> {
              float[] values = new float[Math.toIntExact(shape.volume() * images)];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
              }
              inputs.put(name, values);
            });
    return inputs;
  }

  /** Fills the activations' memory with NaN, which spoils whatever reads what nobody wrote. */
  private static void poison(Plan plan) {
    for (DeviceBuffer arena : plan.arenas()) {
      float[] nan = new float[Math.toIntExact(arena.floats())];
      Arrays.fill(nan, Float.NaN);
      arena.write(nan);
    }
  }

  static Map<String, float[]> run(Plan plan, Map<String, float[]> inputs, int images) {
    inputs.forEach(
        (name, values) -> {
          FloatBuffer in = plan.input(name);
          in.put(values, 0, Math.min(values.length, in.remaining()));
        });
    plan.run(images);
    Map<String, float[]> outputs = new HashMap<>();
    plan.schedule()
        .outputs()
        .forEach(
            (name, shape) -> {
              float[] values = new float[Math.toIntExact(shape.volume() * images)];
              plan.output(name).get(values);
              outputs.put(name, values);
            });
    return outputs;
  }

  /** Holds every value within 1e-5 of the largest value of its layer. */
  static void assertClose(String what, double[] expected, float[] actual) {
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      double error = Math.abs(expected[i] - actual[i]);
      worst = error <= worst ? worst : error; // NaN must win
    }
    assertEquals(expected.length, actual.length, what);
    assertTrue(
        worst <= 1e-5 * largest,
        "%s is off by %s where its largest value is %s".formatted(what, worst, largest));
  }
}
