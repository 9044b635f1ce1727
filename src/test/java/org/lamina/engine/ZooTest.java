package org.lamina.engine;

import static java.util.stream.Collectors.toCollection;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;
import org.lamina.yaml.NetworkFile;

/** Every shipped network runs, the small ones to what the reference says. */
class ZooTest {

  /** Variables that make the networks with most weights smaller: making them is what takes time. */
  private static final Map<String, String> SMALLER =
      Map.ofEntries(
          Map.entry("alexnet", "side: 67"),
          Map.entry("alexnet-224", "side: 67"),
          Map.entry("alexnet-one-tower", "side: 67"),
          Map.entry("alexnet-owt", "side: 67"),
          Map.entry("alexnet-pool-first", "side: 67"),
          Map.entry("alexnet-split-conv3", "side: 67"),
          Map.entry("vgg-11", "width: 0.25"),
          Map.entry("vgg-13", "width: 0.25"),
          Map.entry("vgg-16", "width: 0.25"),
          Map.entry("vgg-19", "width: 0.25"),
          Map.entry("zfnet", "side: 67"));

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static List<String> shipped() {
    return NetworkFile.shipped();
  }

  private static Network read(String name) {
    return SMALLER.containsKey(name)
        ? NetworkFile.parse("test", "extends: " + name + "\nlet: {" + SMALLER.get(name) + "}\n")
        : NetworkFile.find(name);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyNetworkGivesProbabilities(String name) {
    Network network = read(name);
    Map<String, float[]> inputs = PlanTest.inputs(network, 1, new Random(1));
    try (Plan plan = Plan.of(network, session, 1, PlanTest.weights(network, 1))) {
      Map<String, float[]> outputs = PlanTest.run(plan, inputs, 1);
      assertEquals(name.equals("googlenet-training") ? 3 : 1, outputs.size());
      outputs.values().forEach(ZooTest::assertProbabilities);
    }
  }

  private static void assertProbabilities(float[] values) {
    double sum = 0;
    for (float probability : values) {
      assertTrue(probability >= 0 && probability <= 1, "a probability is " + probability);
      sum += probability;
    }
    assertEquals(1, sum, 1e-5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cifar10-13pct",
        "cifar10-18pct",
        "cifar10-full",
        "cifar10-quick",
        "lenet",
        "resnet-20"
      })
  void everyLayerOfASmallNetworkAgreesWithTheReference(String name) {
    Network network = NetworkFile.find(name);
    int images = 2;
    Map<String, float[]> inputs = PlanTest.inputs(network, images, new Random(2));
    Function<String, Tensor> weights = PlanTest.weights(network, 2);
    Map<String, double[]> expected = ReferenceRun.of(network, images, inputs, weights);
    Set<String> all =
        network.nodes().stream().map(Node::name).collect(toCollection(LinkedHashSet::new));
    for (Family family : List.of(Family.GPU, Families.of(session.device()))) {
      for (Set<String> kept : List.of(all, Set.<String>of())) {
        Schedule schedule = Schedule.of(network, family, images, kept, Long.MAX_VALUE);
        try (Plan plan = Plan.of(schedule, session, weights)) {
          PlanTest.run(plan, inputs, images)
              .forEach(
                  (layer, values) ->
                      PlanTest.assertClose(family + " " + layer, expected.get(layer), values));
        }
      }
    }
  }
}
