package org.lamina.engine;

import java.util.ArrayList;
import java.util.List;
import org.lamina.layer.Launch;
import org.lamina.opencl.Timing;

/**
 * What happened when: the host's steps and every launch on the device, on one clock.
 *
 * <p>Devices have clocks of their own whose zero is arbitrary. In every run, the first launch ties
 * them together: the device says when it was enqueued, and so does the host, to within the
 * microseconds that enqueuing takes.
 */
public final class Trace {

  /** Where something happened. */
  public enum Track {
    /** In this process. */
    HOST,
    /** On the device. */
    DEVICE
  }

  /**
   * Something that took time.
   *
   * @param track where
   * @param name what, for example {@code conv1 + relu1}
   * @param detail more about it: the kernel of a launch; may be empty
   * @param startNanos when it began, on the clock of {@link System#nanoTime}
   * @param nanos how long it took
   */
  public record Event(Track track, String name, String detail, long startNanos, long nanos) {}

  private final List<Event> events = new ArrayList<>();

  /** Makes an empty trace. */
  public Trace() {}

  /** Returns what happened so far. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /**
   * Adds a step of the host that ends now.
   *
   * @param startNanos when it began, from {@link System#nanoTime}
   */
  public void host(String name, long startNanos) {
    host(name, startNanos, System.nanoTime());
  }

  void host(String name, long startNanos, long endNanos) {
    events.add(new Event(Track.HOST, name, "", startNanos, endNanos - startNanos));
  }

  /**
   * Adds the launches of a run.
   *
   * @param enqueuedNanos when the host enqueued the first
   * @param timings of all launches, in order
   */
  void device(List<Plan.Stage> stages, int images, long enqueuedNanos, List<Timing> timings) {
    if (timings.isEmpty()) {
      return;
    }
    long offset = enqueuedNanos - timings.get(0).queuedNanos();
    int next = 0;
    for (Plan.Stage stage : stages) {
      for (Launch launch : stage.launches()) {
        for (int part = launch.parts(images); part > 0; part--) {
          Timing timing = timings.get(next++);
          events.add(
              new Event(
                  Track.DEVICE,
                  stage.operation().label(),
                  timing.kernel(),
                  timing.startNanos() + offset,
                  timing.durationNanos()));
        }
      }
    }
  }
}
