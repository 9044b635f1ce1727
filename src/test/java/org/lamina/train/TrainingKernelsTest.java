package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lamina.engine.Loss;
import org.lamina.engine.StepKey;
import org.lamina.engine.StepResult;
import org.lamina.engine.TrainingOptions;
import org.lamina.engine.TrainingPlan;
import org.lamina.engine.TrainingSchedule;
import org.lamina.layer.Drivers;
import org.lamina.layer.Family;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.yaml.NetworkFile;

/** Steps of a tiny network with all that training has, small enough for Oclgrind. */
@Tag("kernels")
final class TrainingKernelsTest {

  private static final String NETWORK =
      """
      network: tiny
      input: {shape: [2, 6, 5]}
      layers:
        - conv:       {name: conv1, filters: 4, kernel: 3, pad: 1}
        - batch_norm: {name: norm1}
        - relu:       {name: relu1}
        - lrn:        {name: lrn1, size: 3}
        - max_pool:   {name: pool1, kernel: 3, stride: 2}
        - batch_norm: {name: norm2}
        - dropout:    {name: drop, p: 0.3}
        - fc:         {name: fc, units: 3}
        - softmax:    {name: prob}
      """;

  private static final List<Optimizer> OPTIMIZERS =
      List.of(
          new Optimizer.Sgd(0.9, 5e-4, false, Optimizer.Sgd.Form.PAPER),
          new Optimizer.Lars(0.9, 5e-4, 0.02, 1e-9));

  @Test
  void stepsRunAndChangeTheLoss() {
    Network network = NetworkFile.parse("tiny.yaml", NETWORK);
    List<Loss> losses = List.of(new Loss("prob", 1, Loss.Kind.CROSS_ENTROPY, 0.1, List.of()));
    TrainingOptions options = new TrainingOptions(3, losses, Set.of("norm2"));
    List<Family> families = List.of(Family.GPU, Family.cpu(4));
    try (Session session = Session.open(Device.best())) {
      assumeFalse(Drivers.buildSlowly(session), "a whole training's kernels take it minutes");
      for (int i = 0; i < families.size(); i++) {
        TrainingSchedule schedule =
            TrainingSchedule.of(network, families.get(i), options, Long.MAX_VALUE);
        try (TrainingPlan plan = TrainingPlan.of(schedule, session, Trainings.seeded(network))) {
          steps(session, plan, OPTIMIZERS.get(i));
        }
      }
    }
  }

  private static void steps(Session session, TrainingPlan plan, Optimizer optimizer) {
    List<Optimization.Target> targets = new ArrayList<>();
    plan.trained()
        .segments()
        .forEach(s -> targets.add(new Optimization.Target(s.name(), s.offset(), s.floats(), 1, 1)));
    try (Optimization optimization =
        new Optimization(
            session,
            plan.schedule().family(),
            optimizer,
            targets,
            plan.parameterMemory(),
            plan.gradientMemory(),
            5)) {
      Random random = new Random(1);
      FloatBuffer pixels = plan.input();
      while (pixels.hasRemaining()) {
        pixels.put(random.nextFloat() - 0.5f);
      }
      plan.labels().put(new int[] {0, 1, 2});
      double first = plan.evaluate(3).loss();
      for (int step = 1; step <= 2; step++) {
        plan.forwardBackward(3, StepKey.of(1, 0, 0, 3));
        optimization.step(0.1, step);
        plan.parametersChanged();
      }
      assertTrue(Double.isFinite(optimization.gradientNorm()));
      StepResult last = plan.evaluate(3);
      assertTrue(last.isFinite() && last.loss() != first, first + " became " + last.loss());
      assertEquals(3, last.images());
    }
  }
}
