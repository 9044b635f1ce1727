package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.network.RandomNetwork;
import org.lamina.opencl.Device;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Session;
import org.lamina.yaml.NetworkFile;

/** Recomputation changes no bit and takes less memory. */
class RecomputationTest {

  private static final int IMAGES = 2;
  private static final String DEEP =
      """
      network: deep
      input: {shape: [3, 8, 7]}
      layers:
        - conv:       {name: conv1, filters: 8, kernel: 3, pad: 1}
        - batch_norm: {name: norm1}
        - relu:       {name: relu1}
        - conv:       {name: conv2, filters: 8, kernel: 3, pad: 1}
        - batch_norm: {name: norm2}
        - add:        {name: sum1, from: [relu1, norm2]}
        - relu:       {name: relu2}
        - dropout:    {name: drop1, p: 0.4}
        - conv:       {name: conv3, filters: 6, kernel: 3, pad: 1}
        - lrn:        {name: lrn1, size: 3}
        - concat:     {name: both, from: [lrn1, relu1]}
        - max_pool:   {name: pool1, kernel: 3, stride: 2}
        - conv:       {name: conv4, filters: 9, kernel: 3, pad: 1}
        - batch_norm: {name: norm3}
        - tanh:       {name: tanh1}
        - dropout:    {name: drop2, p: 0.4}
        - fc:         {name: fc, units: 5}
        - softmax:    {name: prob}
      """;

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  @Test
  void noBitChanges() {
    Network network = NetworkFile.parse("deep.yaml", DEEP);
    for (Family family : List.of(Family.GPU, Family.cpu(4), Family.cpu(8))) {
      List<float[]> kept = run(network, family, Loss.of(network), 1);
      for (int segments : new int[] {2, 3, 5, 9}) {
        same(family + ", " + segments, kept, run(network, family, Loss.of(network), segments));
      }
    }
  }

  @Test
  void noBitChangesInRandomNetworks() {
    int tried = 0;
    for (long seed = 1; seed <= 10; seed++) {
      Network network = RandomNetwork.of(seed);
      List<Loss> losses = RandomGradientsTest.losses(network);
      if (!losses.isEmpty()) {
        Family family = seed % 2 == 0 ? Family.GPU : Family.cpu(8);
        List<float[]> kept = run(network, family, losses, 1);
        same(network.name(), kept, run(network, family, losses, 2));
        same(network.name(), kept, run(network, family, losses, 4));
        tried++;
      }
    }
    assertTrue(tried >= 6);
  }

  /** Returns everything that two steps leave behind; memory holds NaN before each. */
  private static List<float[]> run(
      Network network, Family family, List<Loss> losses, int segments) {
    TrainingOptions options = new TrainingOptions(IMAGES, losses, Set.of());
    TrainingSchedule schedule = TrainingSchedule.inSegments(network, family, options, segments);
    Random random = new Random(3);
    Map<String, float[]> inputs = PlanTest.inputs(network, IMAGES, random);
    try (TrainingPlan plan =
        TrainingPlan.of(schedule, session, TrainingPlanTest.weights(network, 1))) {
      List<float[]> found = new ArrayList<>();
      for (int step = 0; step < 2; step++) {
        for (DeviceBuffer arena : plan.arenas()) {
          float[] nan = new float[Math.toIntExact(arena.floats())];
          Arrays.fill(nan, Float.NaN);
          arena.write(nan);
        }
        inputs.forEach((name, values) -> plan.input(name).put(values));
        StepResult result = plan.forwardBackward(IMAGES, StepKey.of(1, step, 0, IMAGES));
        assertTrue(result.isFinite(), network.name());
        found.add(new float[] {(float) result.loss()});
        found.add(plan.gradientMemory().read());
        found.add(plan.statisticsMemory().read());
      }
      return found;
    }
  }

  private static void same(String what, List<float[]> expected, List<float[]> found) {
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), found.get(i), what);
    }
  }

  @Test
  void deepNetworksTakeFarLess() {
    Network network = NetworkFile.find("resnet-50");
    TrainingOptions options = TrainingOptions.of(network, 16);
    long kept = bytes(network, options);
    long again = bytes(network, options.withRecompute(true));
    assertTrue(again < 0.5 * kept, again + " of " + kept);
    Network shallow = NetworkFile.find("lenet");
    TrainingOptions some = TrainingOptions.of(shallow, 64);
    assertTrue(bytes(shallow, some.withRecompute(true)) <= bytes(shallow, some));
  }

  private static long bytes(Network network, TrainingOptions options) {
    TrainingSchedule schedule =
        TrainingSchedule.of(network, Family.cpu(8), options, Long.MAX_VALUE);
    assertEquals(options, schedule.options());
    return schedule.activationBytes();
  }
}
