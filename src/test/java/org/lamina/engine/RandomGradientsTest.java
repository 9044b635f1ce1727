package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Dropout;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.Node;
import org.lamina.network.RandomNetwork;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Tensor;

/**
 * The whole way back through networks of random shape against central differences in double
 * precision. Dropout lets everything pass and normalisation goes by its running statistics, as in
 * the reference; both have tests of their own.
 */
class RandomGradientsTest {

  private static final List<Family> WIDTHS = List.of(Family.cpu(4), Family.cpu(8), Family.cpu(16));
  private static final int TRIED = 6;

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
  void gradientsAreThoseOfTheLoss() {
    assertTrue(agree(1, 8) >= 5);
  }

  @Test
  @Tag("long")
  void gradientsAreThoseOfTheLossManyTimes() {
    assertTrue(agree(1000, 300) >= 150);
  }

  /** Returns how many of the networks can be trained. */
  private static int agree(long first, int count) {
    int tried = 0;
    for (long seed = first; seed < first + count; seed++) {
      Network network = withoutDropout(RandomNetwork.of(seed));
      List<Loss> losses = losses(network);
      if (!losses.isEmpty()) {
        agree(network, losses, seed);
        tried++;
      }
    }
    return tried;
  }

  private static Network withoutDropout(Network network) {
    List<Entry> entries = new ArrayList<>();
    for (Node node : network.nodes()) {
      boolean drops = node.layer() instanceof Dropout;
      entries.add(
          Entry.of(
              node.name(),
              drops ? new Dropout(0) : node.layer(),
              node.from().toArray(String[]::new)));
    }
    return Network.of(network.name(), network.inputs(), entries, network.preprocessing());
  }

  /** Returns a loss for every output that something trained has a part in. */
  static List<Loss> losses(Network network) {
    Set<String> learning = new LinkedHashSet<>();
    for (Node node : network.nodes()) {
      boolean learns = node.signature().parameters().stream().anyMatch(each -> each.learned());
      if (learns || node.from().stream().anyMatch(learning::contains)) {
        learning.add(node.name());
      }
    }
    List<Loss> losses = new ArrayList<>();
    for (String output : network.outputs()) {
      if (learning.contains(output)) {
        losses.add(Loss.meanSquares(output, losses.isEmpty() ? 1 : 0.5));
      }
    }
    return losses;
  }

  private static void agree(Network network, List<Loss> losses, long seed) {
    Random random = new Random(seed);
    int images = 2;
    Function<String, Tensor> weights = TrainingPlanTest.weights(network, seed);
    Map<String, float[]> inputs = PlanTest.inputs(network, images, random);
    NetworkLoss loss = new NetworkLoss(network, losses, images, inputs, new int[0], weights);
    double value = loss.value();
    Set<String> frozen = new LinkedHashSet<>();
    for (Node node : network.nodes()) {
      node.signature().parameters().stream()
          .filter(parameter -> !parameter.learned())
          .forEach(parameter -> frozen.add(node.name() + "." + parameter.name()));
    }
    TrainingOptions options = new TrainingOptions(images + 1, losses, frozen);
    Family turn = WIDTHS.get((int) (seed % WIDTHS.size()));
    for (Family family : List.of(Family.GPU, turn)) {
      TrainingSchedule schedule = TrainingSchedule.of(network, family, options, Long.MAX_VALUE);
      try (TrainingPlan plan = TrainingPlan.of(schedule, session, weights)) {
        inputs.forEach((name, values) -> plan.input(name).put(values));
        StepResult result = plan.forwardBackward(images, StepKey.of(1, 0, 0, images));
        String what = network.name() + " on " + family;
        assertEquals(value, result.loss(), 1e-5 * Math.max(1, Math.abs(value)), what);
        for (var segment : plan.trained().segments()) {
          float[] gradient = plan.gradient(segment.name()).values();
          compare(what + " " + segment.name(), loss, segment.name(), gradient);
        }
      }
    }
  }

  private static void compare(String what, NetworkLoss loss, String name, float[] gradient) {
    double largest = 0;
    for (float g : gradient) {
      assertTrue(Float.isFinite(g), what);
      largest = Math.max(largest, Math.abs(g));
    }
    int step = Math.max(1, gradient.length / TRIED);
    for (int i = 0; i < gradient.length; i += step) {
      double expected = loss.derivative(name, i);
      double scale = Math.max(Math.max(Math.abs(expected), 0.1 * largest), 1e-4);
      assertEquals(expected, gradient[i], 1e-3 * scale, what + "[" + i + "]");
    }
  }
}
