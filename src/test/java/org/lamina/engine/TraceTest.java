package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Convolution;
import org.lamina.layer.MaxPooling;
import org.lamina.layer.Relu;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;
import org.lamina.tensor.Tensor;

/** What a trace holds after some runs. */
final class TraceTest {

  private static final Network NETWORK =
      Network.named("small")
          .input(3, 12, 12)
          .layer("conv1", Convolution.of(8, 3))
          .layer("relu1", new Relu())
          .layer("pool1", MaxPooling.of(2, 2))
          .build();

  private static Plan plan(Session session) {
    return Plan.of(
        NETWORK,
        session,
        2,
        name ->
            Tensor.zeros(
                NETWORK.node("conv1").signature().parameters().stream()
                    .filter(parameter -> name.endsWith(parameter.name()))
                    .findFirst()
                    .orElseThrow()
                    .shape()));
  }

  @Test
  void everyRunAddsWhatHostAndDeviceDid() {
    SessionOptions options = SessionOptions.defaults().withProfiling(true);
    try (Session session = Session.open(Device.best(), options);
        Plan plan = plan(session)) {
      Trace trace = new Trace();
      plan.run(2); // not recorded
      plan.record(trace);
      plan.run(1);
      int once = trace.events().size();
      plan.run(2);
      List<Trace.Event> events = trace.events();
      assertEquals(2 * once, events.size());
      assertEquals(2, named(events, "conv1 + relu1").size());
      assertEquals(2, named(events, "enqueue").size());
      Trace.Event conv = named(events, "conv1 + relu1").get(0);
      Trace.Event pool = named(events, "pool1").get(0);
      assertEquals(Trace.Track.DEVICE, conv.track());
      assertTrue(conv.startNanos() + conv.nanos() <= pool.startNanos(), "one after the other");
      Trace.Event enqueue = named(events, "enqueue").get(0);
      Trace.Event read = named(events, "wait and read the outputs").get(0);
      assertTrue(conv.startNanos() >= enqueue.startNanos(), "on the host's clock");
      assertTrue(pool.startNanos() <= read.startNanos() + read.nanos(), "on the host's clock");
    }
  }

  private static List<Trace.Event> named(List<Trace.Event> events, String name) {
    return events.stream().filter(event -> event.name().equals(name)).toList();
  }

  @Test
  void aSessionThatTakesNoTimesCannotBeTraced() {
    try (Session session = Session.open(Device.best());
        Plan plan = plan(session)) {
      assertThrows(IllegalStateException.class, () -> plan.record(new Trace()));
    }
  }
}
