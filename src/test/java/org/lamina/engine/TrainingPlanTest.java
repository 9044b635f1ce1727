package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lamina.layer.BatchNormalization;
import org.lamina.layer.Concat;
import org.lamina.layer.Convolution;
import org.lamina.layer.Drivers;
import org.lamina.layer.Dropout;
import org.lamina.layer.Family;
import org.lamina.layer.FullyConnected;
import org.lamina.layer.Initializer;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Relu;
import org.lamina.layer.Softmax;
import org.lamina.layer.Tanh;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.Preprocessing;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/** Training plans against central differences, and what they promise of batches and keys. */
class TrainingPlanTest {

  private static final List<Family> FAMILIES = List.of(Family.GPU, Family.cpu(4), Family.cpu(8));

  private static final BatchNormalization NORM =
      new BatchNormalization(
          1e-5, 0.1, true, new Initializer.Uniform(0.5, 1.5), new Initializer.Normal(0, 0.5));

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static Network small(double dropped) {
    return Network.of(
        "small",
        Map.of("data", new Chw(3, 7, 6)),
        List.of(
            Entry.of("conv1", Convolution.of(6, 3).pad(1), "data"),
            Entry.of("relu1", new Relu(), "conv1"),
            Entry.of("pool1", MaxPooling.of(3, 2), "relu1"),
            Entry.of("left", Convolution.of(8, 3).pad(1).groups(2), "pool1"),
            Entry.of("right", Convolution.of(3, 1), "pool1"),
            Entry.of("tanh", new Tanh(), "right"),
            Entry.of("both", new Concat(), "left", "tanh"),
            Entry.of("fc1", FullyConnected.of(9), "both"),
            Entry.of("relu2", new Relu(), "fc1"),
            Entry.of("drop", new Dropout(dropped), "relu2"),
            Entry.of("fc2", FullyConnected.of(4), "drop"),
            Entry.of("prob", new Softmax(), "fc2")),
        Preprocessing.NONE);
  }

  private static TrainingPlan plan(
      Network network, Family family, TrainingOptions options, Function<String, Tensor> weights) {
    return TrainingPlan.of(
        TrainingSchedule.of(network, family, options, Long.MAX_VALUE), session, weights);
  }

  /** Returns weights from a seed; running statistics are those of something that was trained. */
  static Function<String, Tensor> weights(Network network, long seed) {
    Function<String, Tensor> seeded = PlanTest.weights(network, seed);
    return name -> {
      Tensor tensor = seeded.apply(name);
      Random random = new Random(name.hashCode());
      for (int i = 0; i < tensor.values().length && name.contains(".running_"); i++) {
        float uniform = random.nextFloat();
        tensor.values()[i] = name.endsWith("_var") ? 0.3f + uniform : uniform - 0.5f;
      }
      return tensor;
    };
  }

  private static int[] labels(Network network, int images, Random random) {
    int[] labels = new int[images];
    int classes = network.shape(network.outputs().get(0)).c();
    for (int i = 0; i < images; i++) {
      labels[i] = random.nextInt(classes);
    }
    return labels;
  }

  private static Map<String, float[]> gradients(TrainingPlan plan) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    plan.trained()
        .segments()
        .forEach(s -> gradients.put(s.name(), plan.gradient(s.name()).values()));
    return gradients;
  }

  @Test
  @Tag("drivers")
  void gradientsOfASmallNetworkAreThoseOfItsLoss() {
    gradientsAgree(small(0), 3, List.of(Family.GPU, Family.cpu(4), Family.cpu(8)));
  }

  /** The reference normalises by running statistics, as frozen layers have to. */
  @Test
  void frozenNormalisationGoesByItsRunningStatistics() {
    Network network =
        Network.of(
            "frozen",
            Map.of("data", new Chw(3, 6, 5)),
            List.of(
                Entry.of("conv1", Convolution.of(6, 3).pad(1), "data"),
                Entry.of("norm1", NORM, "conv1"),
                Entry.of("relu1", new Relu(), "norm1"),
                Entry.of("conv2", Convolution.of(5, 3), "relu1"),
                Entry.of("norm2", NORM, "conv2"),
                Entry.of("relu2", new Relu(), "norm2"),
                Entry.of("fc", FullyConnected.of(4), "relu2"),
                Entry.of("prob", new Softmax(), "fc")),
            Preprocessing.NONE);
    Set<String> frozen = Set.of("norm1", "norm2.running_mean", "norm2.running_var");
    gradientsAgree(network, 3, FAMILIES, frozen);
    try (TrainingPlan plan =
        plan(
            network,
            Families.of(session.device()),
            new TrainingOptions(4, Loss.of(network), frozen),
            weights(network, 1))) {
      plan.input().put(PlanTest.inputs(network, 4, new Random(1)).get("data"));
      double loss = plan.forwardBackward(4, StepKey.of(1, 0, 0, 4)).loss();
      assertEquals(loss, plan.evaluate(4).loss(), 1e-6, "training is like evaluation");
      for (String name : List.of("norm1.running_mean", "norm2.running_var", "norm1.weight")) {
        float[] before = weights(network, 1).apply(name).values();
        assertArrayEquals(before, plan.read(name).values(), name);
      }
      assertFalse(plan.trained().contains("norm1.weight"));
      assertTrue(plan.trained().contains("norm2.weight"));
    }
  }

  private static void gradientsAgree(Network network, int images, List<Family> families) {
    gradientsAgree(network, images, families, Set.of());
  }

  private static void gradientsAgree(
      Network network, int images, List<Family> families, Set<String> frozen) {
    Random random = new Random(5);
    Function<String, Tensor> weights = weights(network, 1);
    Map<String, float[]> inputs = PlanTest.inputs(network, images, random);
    int[] labels = labels(network, images, random);
    TrainingOptions options = new TrainingOptions(images + 1, Loss.of(network), frozen);
    NetworkLoss loss = new NetworkLoss(network, options.losses(), images, inputs, labels, weights);
    for (Family family : Drivers.built(session, families)) {
      long before = session.bytesAllocated();
      try (TrainingPlan plan = plan(network, family, options, weights)) {
        assertEquals(plan.schedule().bytes(), session.bytesAllocated() - before, "bytes");
        inputs.forEach((name, values) -> plan.input(name).put(values));
        plan.labels().put(labels);
        StepResult result = plan.forwardBackward(images, StepKey.of(1, 0, 0, images));
        assertEquals(loss.value(), result.loss(), 1e-5, family + ": loss");
        Map<String, float[]> found = gradients(plan);
        found.forEach((name, values) -> compare(family + " " + name, loss, name, values));
        plan.forwardBackward(images, StepKey.of(1, 0, 0, images));
        Map<String, float[]> again = gradients(plan);
        found.forEach((name, values) -> assertArrayEquals(values, again.get(name), name));
      }
      assertEquals(before, session.bytesAllocated(), "everything is released");
    }
  }

  private static void compare(String what, NetworkLoss loss, String name, float[] values) {
    int step = Math.max(1, values.length / 12);
    for (int i = 0; i < values.length; i += step) {
      double expected = loss.derivative(name, i);
      double scale = Math.max(1, Math.max(Math.abs(expected), Math.abs(values[i])));
      assertTrue(
          Math.abs(expected - values[i]) <= 1e-3 * scale,
          "%s[%d] is %s, but central differences say %s".formatted(what, i, values[i], expected));
    }
  }

  @Test
  void gradientsOfPartsAddUp() {
    Network network = small(0.5);
    Function<String, Tensor> weights = PlanTest.weights(network, 1);
    TrainingOptions options = TrainingOptions.of(network, 6);
    Random random = new Random(7);
    float[] pixels = PlanTest.inputs(network, 6, random).get("data");
    int[] labels = labels(network, 6, random);
    for (Family family : FAMILIES) {
      try (TrainingPlan plan = plan(network, family, options, weights)) {
        plan.input().put(pixels);
        plan.labels().put(labels);
        double whole = plan.forwardBackward(6, StepKey.of(3, 2, 10, 6)).loss();
        Map<String, float[]> expected = gradients(plan);
        double parts = 0;
        int image = pixels.length / 6;
        for (int first = 0; first < 6; first += 2) {
          plan.input().put(pixels, first * image, 2 * image);
          plan.labels().put(labels, first, 2);
          parts +=
              plan.forwardBackward(2, StepKey.of(3, 2, 10 + first, 2), 6, first > 0).loss() / 3;
        }
        assertEquals(whole, parts, 1e-6, family + ": loss");
        gradients(plan)
            .forEach((name, values) -> assertArrayEquals(expected.get(name), values, 1e-6f, name));
        double other = plan.forwardBackward(2, StepKey.of(3, 3, 14, 2)).loss();
        double same = plan.forwardBackward(2, StepKey.of(3, 2, 14, 2)).loss();
        assertTrue(other != same, "another epoch drops others");
      }
    }
  }

  @Test
  void theFirstLayerThatIsNotFiniteIsNamed() {
    Network network = small(0);
    try (TrainingPlan plan =
        plan(
            network,
            Families.of(session.device()),
            TrainingOptions.of(network, 2),
            PlanTest.weights(network, 1))) {
      plan.input().put(PlanTest.inputs(network, 2, new Random(1)).get("data"));
      plan.labels().put(new int[] {0, 1});
      StepKey key = StepKey.of(1, 0, 0, 2);
      assertEquals(Optional.empty(), plan.diagnose(2, key));
      Tensor bias = plan.read("left.bias");
      bias.values()[5] = 3e38f;
      plan.write("left.bias", bias);
      Tensor weight = plan.read("fc1.weight");
      java.util.Arrays.fill(weight.values(), 1e30f);
      plan.write("fc1.weight", weight);
      assertFalse(plan.forwardBackward(2, key).isFinite());
      String found = plan.diagnose(2, key).orElseThrow();
      assertTrue(found.startsWith("fc1 + relu2: image 0"), found);
      plan.input().put(3, Float.NaN);
      found = plan.diagnose(2, key).orElseThrow();
      assertEquals("input data: image 0, channel 0, pixel (0, 3) is NaN", found);
    }
  }

  @Test
  void stepsMakeTheLossSmaller() {
    Network network = small(0);
    try (TrainingPlan plan =
        plan(
            network,
            Families.of(session.device()),
            new TrainingOptions(8, Loss.of(network), Set.of("conv1")),
            PlanTest.weights(network, 1))) {
      Random random = new Random(1);
      plan.input().put(PlanTest.inputs(network, 8, random).get("data"));
      plan.labels().put(labels(network, 8, random));
      double first = plan.evaluate(8).loss();
      for (int step = 0; step < 100; step++) {
        plan.forwardBackward(8, StepKey.of(1, step, 0, 8));
        float[] values = plan.parameterMemory().read();
        float[] gradient = plan.gradientMemory().read();
        for (int i = 0; i < values.length; i++) {
          values[i] -= 0.05f * gradient[i];
        }
        plan.parameterMemory().write(values);
        plan.parametersChanged();
      }
      StepResult last = plan.evaluate(8);
      assertTrue(last.loss() < first / 10, first + " became " + last);
      assertEquals(8, last.top1(), "all are learned by heart");
      float[] probabilities = new float[32];
      plan.output("prob").get(probabilities);
      double sum = 0;
      for (float p : probabilities) {
        sum += p;
      }
      assertEquals(8, sum, 1e-5);
      assertArrayEquals(
          PlanTest.weights(network, 1).apply("conv1.weight").values(),
          plan.read("conv1.weight").values(),
          "frozen");
    }
  }
}
