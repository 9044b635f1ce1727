package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.lamina.engine.Tuner.Compiler;
import org.lamina.engine.Tuner.Effort;
import org.lamina.engine.Tuning.Timed;
import org.lamina.layer.Choices;
import org.lamina.layer.Convolution;
import org.lamina.layer.Launch;
import org.lamina.layer.Layer;
import org.lamina.layer.LayerProgram;
import org.lamina.layer.Measurements;
import org.lamina.layer.PackedBuffer;
import org.lamina.layer.Precision;
import org.lamina.layer.Relu;
import org.lamina.layer.Site;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;

/** Tuning finds the fastest of those that are right, and refuses those that are not. */
final class TunerTest {

  private static final Effort SHORT = new Effort(Double.POSITIVE_INFINITY, 1000, 0.001);
  private static final Network NETWORK =
      Network.named("three")
          .input(16, 9, 7)
          .layer("conv1", Convolution.of(16, 3).pad(1))
          .layer("relu1", new Relu())
          .layer("conv2", Convolution.of(16, 3).pad(1))
          .layer("conv3", Convolution.of(24, 1))
          .build();

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.select("cpu"));
  }

  @AfterAll
  static void close() {
    session.close();
  }

  /** A program that goes wrong in one way. */
  private interface Fault {
    LayerProgram in(LayerProgram program);
  }

  private static Compiler lying(String algorithm, Fault fault) {
    return (layer, site) -> {
      LayerProgram program = layer.compile(site);
      return program.algorithm().equals(algorithm) ? fault.in(program) : program;
    };
  }

  private static LayerProgram with(
      LayerProgram p, List<PackedBuffer> parameters, LayerProgram.Binder binder) {
    return new LayerProgram(
        p.inputs(),
        p.outputVector(),
        p.aliasing(),
        parameters,
        p.scratch(),
        p.state(),
        binder,
        p.algorithm(),
        p.basis());
  }

  /** Writes nothing for the last image. */
  private static LayerProgram unfinished(LayerProgram program) {
    return with(
        program,
        program.parameters(),
        bindings ->
            program.binder().bind(bindings).stream()
                .map(
                    launch ->
                        new Launch(launch.kernel(), n -> launch.range().apply(Math.max(1, n - 1))))
                .toList());
  }

  /** Adds a little too much to the values of one filter. */
  private static LayerProgram biased(LayerProgram program, float by) {
    List<PackedBuffer> parameters = new ArrayList<>(program.parameters());
    PackedBuffer bias = parameters.get(1);
    parameters.set(
        1,
        new PackedBuffer(
            bias.name(),
            bias.floats(),
            (tensors, out) -> {
              int start = out.position();
              bias.packer().pack(tensors, out);
              out.put(start + 5, out.get(start + 5) + by);
            }));
    return with(program, parameters, program.binder());
  }

  private static Tuner.Row first(Effort effort, Compiler compiler) {
    return Tuner.tune(NETWORK, session, 3, Choices.defaults(), effort, compiler).rows().get(0);
  }

  @Test
  void everyAlgorithmIsTimedAndTheShortestTimeIsTaken() {
    Tuner.Result result =
        Tuner.tune(NETWORK, session, 3, Choices.defaults(), SHORT, Layer::compile);
    assertEquals(List.of(), result.left());
    assertEquals(2, result.rows().size(), "conv1 and conv2 are one");
    Tuner.Row row = result.rows().get(0);
    assertEquals(List.of("conv1", "conv2"), row.layers());
    assertEquals(List.of(), row.complaints());
    Site site =
        new Site(
            Families.of(session.device()),
            NETWORK.node("conv1").signature(),
            3,
            Optional.empty(),
            Choices.defaults());
    Layer layer = NETWORK.node("conv1").layer();
    assertEquals(Set.copyOf(layer.algorithms(site)), row.times().keySet());
    String fastest =
        row.times().entrySet().stream()
            .min(Map.Entry.comparingByValue((a, b) -> Long.compare(a.nanos(), b.nanos())))
            .orElseThrow()
            .getKey();
    assertEquals(fastest, row.after());
    assertEquals(Optional.of(fastest), result.tuning().fastest(layer, site));
  }

  @Test
  void whatLiesIsRefusedAndTheReasonIsSaid() {
    Map<String, Fault> faults =
        Map.of(
            "biased", program -> biased(program, 0.5f),
            "hardly biased", program -> biased(program, 0.02f),
            "not a number", program -> biased(program, Float.NaN));
    faults.forEach(
        (what, fault) -> {
          for (String liar : List.of("direct_flat", "winograd_6x6")) {
            Tuner.Row row = first(SHORT, lying(liar, fault));
            assertEquals(Timed.REFUSED, row.times().get(liar), what + " " + liar);
            assertEquals(1, row.complaints().size(), what);
            assertTrue(row.complaints().get(0).startsWith(liar + ": value "), what);
            assertFalse(row.after().equals(liar), what);
            assertFalse(row.times().get("direct").refused(), what);
          }
        });
  }

  @Test
  void aBatchOfOneIsTriedLikeAnyOther() {
    Tuner.Result result =
        Tuner.tune(NETWORK, session, 1, Choices.defaults(), SHORT, Layer::compile);
    for (Tuner.Row row : result.rows()) {
      assertEquals(List.of(), row.complaints());
      assertTrue(row.times().values().stream().noneMatch(Timed::refused));
    }
  }

  @Test
  void whatIsNotWrittenIsWrong() {
    Tuner.Row row = first(SHORT, lying("direct_flat", TunerTest::unfinished));
    assertEquals(Timed.REFUSED, row.times().get("direct_flat"));
    assertTrue(row.complaints().get(0).contains(" is NaN instead of "), row.toString());
  }

  @Test
  void theFirstThatIsTriedMayBeTheOneThatLies() {
    // The error is in few values, so that spots may miss it until another algorithm disagrees.
    String first = first(SHORT, Layer::compile).times().keySet().iterator().next();
    Tuner.Row row = first(SHORT, lying(first, program -> biased(program, 0.02f)));
    assertEquals(Timed.REFUSED, row.times().get(first));
    assertEquals(1, row.times().values().stream().filter(Timed::refused).count());
  }

  @Test
  void whatThereIsNoTimeForStaysAsItWas() {
    Tuner.Result result =
        Tuner.tune(
            NETWORK, session, 3, Choices.defaults(), new Effort(0, 100, 0.1), Layer::compile);
    assertEquals(List.of(), result.rows());
    assertEquals(List.of("conv1", "conv2", "conv3"), result.left());
    assertEquals(Tuning.empty(), result.tuning());
  }

  @Test
  void whatIsUnlikelyIsPassedOverInAQuickTrial() {
    Tuner.Result result =
        Tuner.tune(
            NETWORK,
            session,
            2,
            Precision.HALF,
            Measurements.none(),
            Effort.QUICK,
            progress -> assertTrue(progress.share() >= 0 && progress.share() < 1));
    Tuner.Row row = result.rows().get(0);
    assertFalse(row.times().containsKey("plain"), row.toString());
    assertEquals(List.of(), row.complaints());
  }

  @Test
  void aPlanWithMeasurementsGivesTheSameBitsEveryTime() {
    Tuning tuning =
        Tuner.tune(NETWORK, session, 3, Choices.defaults(), SHORT, Layer::compile).tuning();
    Choices choices = Choices.defaults().measurements(tuning);
    float[][] results = new float[2][];
    for (int i = 0; i < 2; i++) {
      Schedule schedule =
          Schedule.of(NETWORK, Families.of(session.device()), 3, Set.of(), Long.MAX_VALUE, choices);
      try (Plan plan = Plan.of(schedule, session, name -> TrialWeights.of(NETWORK, name))) {
        for (int k = 0; k < plan.input().capacity(); k++) {
          plan.input().put(k, (k * 37 % 101 - 50) / 50f);
        }
        plan.run(3);
        results[i] = new float[plan.output().remaining()];
        plan.output().get(results[i]);
      }
    }
    assertArrayEquals(results[0], results[1], 0f);
  }
}
