package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jocl.cl_event;

/** The launches of a session with profiling whose times nobody has asked for yet. */
final class Timeline {

  private record Launch(String kernel, Owned<cl_event> event) {}

  private final Session session;
  private final List<Launch> launches = new ArrayList<>();
  private final List<Timing> timings = new ArrayList<>();
  // Known after the first launch, which therefore waits; without a clock, every launch does.
  private boolean hasClock;

  Timeline(Session session) {
    this.session = session;
  }

  /**
   * Enqueues a kernel and remembers when it ran.
   *
   * @param enqueue enqueues it with an event to be filled in
   */
  void launch(String kernel, Consumer<cl_event> enqueue) {
    if (!hasClock) {
      session.finish();
    }
    long queued = System.nanoTime();
    cl_event event = new cl_event();
    enqueue.accept(event);
    Owned<cl_event> owned = session.owner().own(event, "the event", () -> clReleaseEvent(event));
    if (hasClock) {
      launches.add(new Launch(kernel, owned));
      return;
    }
    session.finish();
    long end = System.nanoTime();
    Timing timing = timing(new Launch(kernel, owned));
    session.owner().release(owned);
    hasClock = !Quirks.isNoTime(timing.endNanos());
    timings.add(hasClock ? timing : new Timing(kernel, queued, queued, end));
  }

  /** Returns the times in the order of the launches, which must have finished, and forgets them. */
  List<Timing> take() {
    for (Launch launch : launches) {
      timings.add(timing(launch));
      session.owner().release(launch.event());
    }
    launches.clear();
    List<Timing> taken = List.copyOf(timings);
    timings.clear();
    return taken;
  }

  private static Timing timing(Launch launch) {
    return ClCalls.checked(
        () -> "read the times of kernel " + launch.kernel(),
        () ->
            new Timing(
                launch.kernel(),
                time(launch, CL_PROFILING_COMMAND_QUEUED),
                time(launch, CL_PROFILING_COMMAND_START),
                time(launch, CL_PROFILING_COMMAND_END)));
  }

  private static long time(Launch launch, int parameter) {
    return Info.number(
        (s, v, a) -> clGetEventProfilingInfo(launch.event().get(), parameter, s, v, a));
  }
}
