package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lamina.engine.ParameterTable;
import org.lamina.engine.StepKey;
import org.lamina.engine.TrainingOptions;
import org.lamina.engine.TrainingPlan;
import org.lamina.engine.TrainingSchedule;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.train.Optimizer.Sgd;
import org.lamina.yaml.NetworkFile;

/**
 * Twenty steps of a small AlexNet (groups, normalisation, overlapping pooling) by every form of SGD
 * with the losses that PyTorch had. {@code benchmarks/run sgd --write} recorded them and says what
 * pictures, rates and decays there are.
 */
final class PytorchStepsTest {

  private static final Path FOLDER = Path.of("src", "test", "resources", "org", "lamina", "train");
  private static final int BATCH = 16;
  private static final double TOLERANCE = 1e-4; // differences are around 1e-6;

  private static final List<Sgd> FORMS =
      List.of(
          new Sgd(0.9, 5e-4, false, Sgd.Form.PAPER),
          new Sgd(0.9, 5e-4, true, Sgd.Form.PAPER),
          new Sgd(0.9, 5e-4, false, Sgd.Form.PYTORCH),
          new Sgd(0.9, 5e-4, true, Sgd.Form.PYTORCH));

  @Test
  void lossesAreThoseOfPytorch() throws IOException {
    List<String> rows = Files.readAllLines(FOLDER.resolve("small-alexnet.csv")).subList(2, 22);
    try (Session session = Session.open(Device.best())) {
      for (int form = 0; form < FORMS.size(); form++) {
        int column = form + 1;
        double[] expected =
            rows.stream().mapToDouble(row -> Double.parseDouble(row.split(",")[column])).toArray();
        if (form == 0) {
          agree(session, Family.GPU, FORMS.get(form), expected);
        }
        agree(session, Family.cpu(form % 2 == 0 ? 8 : 4), FORMS.get(form), expected);
      }
    }
  }

  private static void agree(Session session, Family family, Sgd sgd, double[] expected) {
    Network network = NetworkFile.read(FOLDER.resolve("small-alexnet.yaml"));
    TrainingSchedule schedule =
        TrainingSchedule.of(network, family, TrainingOptions.of(network, BATCH), Long.MAX_VALUE);
    List<Optimization.Target> targets =
        schedule.trained().segments().stream().map(PytorchStepsTest::target).toList();
    Random random = new Random(2026);
    try (TrainingPlan plan = TrainingPlan.of(schedule, session, Trainings.seeded(network));
        Optimization optimization =
            new Optimization(
                session, family, sgd, targets, plan.parameterMemory(), plan.gradientMemory(), 0)) {
      for (int step = 0; step < expected.length; step++) {
        fill(plan, random);
        double loss = plan.forwardBackward(BATCH, StepKey.of(1, 0, 0, BATCH)).loss();
        assertEquals(
            expected[step], loss, TOLERANCE, sgd + " on " + family + ", step " + (step + 1));
        optimization.step(step < expected.length / 2 ? 0.03 : 0.006, step + 1);
        plan.parametersChanged();
      }
    }
  }

  private static Optimization.Target target(ParameterTable.Segment segment) {
    boolean bias = segment.name().endsWith(".bias");
    return new Optimization.Target(
        segment.name(), segment.offset(), segment.floats(), bias ? 2 : 1, bias ? 0 : 1);
  }

  private static void fill(TrainingPlan plan, Random random) {
    int plane = 33 * 33;
    float[] pixels = new float[BATCH * 3 * plane];
    int label = 0;
    for (int i = 0; i < pixels.length; i++) {
      if (i % (3 * plane) == 0) {
        label = random.nextInt(10);
        plan.labels().put(i / (3 * plane), label);
      }
      pixels[i] = random.nextFloat() - 0.5f;
      if (i / plane % 3 == label % 3) {
        pixels[i] += 0.3f * label;
      }
    }
    plan.input().put(pixels);
  }
}
