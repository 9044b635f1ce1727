package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.lamina.TorchCases;
import org.lamina.layer.Family;
import org.lamina.layer.FullyConnected;
import org.lamina.network.Network;
import org.lamina.network.Network.Entry;
import org.lamina.network.Preprocessing;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;

/**
 * Cross-entropy and its gradient against PyTorch's: the logits pass through a layer that changes
 * nothing, and the gradient of its bias is the sum of theirs over the images.
 */
class PublishedLossesTest {

  private static final List<Family> WIDTHS = List.of(Family.cpu(4), Family.cpu(8), Family.cpu(16));

  @Test
  void crossEntropyIsThatOfPytorch() throws IOException {
    List<TorchCases.Case> cases = TorchCases.of("softmax_loss");
    assertEquals(40, cases.size());
    try (Session session = Session.open(Device.best())) {
      for (int i = 0; i < cases.size(); i++) {
        agrees(session, Family.GPU, cases.get(i));
        agrees(session, WIDTHS.get(i % WIDTHS.size()), cases.get(i));
      }
    }
  }

  private static void agrees(Session session, Family family, TorchCases.Case one) {
    int images = one.images();
    int classes = one.shapes().get(0)[1];
    Network network =
        Network.of(
            "loss",
            Map.of("logits", new Chw(classes, 1, 1)),
            List.of(Entry.of("same", FullyConnected.of(classes), "logits")),
            Preprocessing.NONE);
    TrainingOptions options =
        new TrainingOptions(
            images, List.of(Loss.crossEntropy("same", one.gradient()[0])), Set.of());
    TrainingSchedule schedule = TrainingSchedule.of(network, family, options, Long.MAX_VALUE);
    String what = family + ", " + images + " images of " + classes;
    float[] expected = one.inputGradients().get(0);
    try (TrainingPlan plan = TrainingPlan.of(schedule, session, unchanged(network))) {
      plan.input().put(one.inputs().get(0));
      IntBuffer labels = plan.labels();
      for (float label : one.inputs().get(1)) {
        labels.put((int) label);
      }
      StepResult all = plan.forwardBackward(images, StepKey.of(1, 0, 0, images));
      assertEquals(one.output()[0], all.losses().get(0).mean(), 1e-5, what);
      float[] sums = new float[classes];
      for (int i = 0; i < expected.length; i++) {
        sums[i % classes] += expected[i];
      }
      assertArrayEquals(sums, plan.gradient("same.bias").values(), 1e-5f, what);
      for (int n = 0; n < images; n++) { // alone, but with the share it has among all
        plan.input().put(one.inputs().get(0), n * classes, classes);
        plan.labels().put((int) one.inputs().get(1)[n]);
        plan.forwardBackward(1, StepKey.of(1, 0, n, 1), images, false);
        float[] mine = Arrays.copyOfRange(expected, n * classes, (n + 1) * classes);
        assertArrayEquals(mine, plan.gradient("same.bias").values(), 1e-6f, what);
      }
    }
  }

  private static Function<String, Tensor> unchanged(Network network) {
    return name -> {
      Tensor tensor = Tensor.zeros(PlanTest.weights(network, 1).apply(name).shape());
      int classes = tensor.shape().extent(0);
      for (int c = 0; c < classes && name.endsWith("weight"); c++) {
        tensor.values()[c * classes + c] = 1;
      }
      return tensor;
    };
  }
}
