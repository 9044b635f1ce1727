package org.lamina.cli;

import static org.lamina.cli.Json.object;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.engine.Trace;

/**
 * Writes a trace in the format of Chrome's {@code about:tracing}, which Perfetto reads, too: one
 * process, one track for the host and one for the device, complete events in microseconds.
 *
 * <p>Source: "Trace Event Format", Google, 2016.
 */
final class TraceFile {

  private static final int PROCESS = 1;

  private TraceFile() {}

  /**
   * Writes a trace.
   *
   * @param title what the process is called: the network and how it was run
   * @param device what the device's track is called
   * @throws IOException if the file cannot be written
   */
  static void write(Path file, String title, String device, Trace trace) throws IOException {
    StringWriter text = new StringWriter();
    Json.print(new PrintWriter(text), json(title, device, trace));
    Files.writeString(file, text.toString());
  }

  static Map<String, Object> json(String title, String device, Trace trace) {
    long zero = trace.events().stream().mapToLong(Trace.Event::startNanos).min().orElse(0);
    List<Object> events = new ArrayList<>();
    events.add(name("process_name", 0, title));
    for (Trace.Track track : Trace.Track.values()) {
      events.add(name("thread_name", thread(track), track == Trace.Track.HOST ? "host" : device));
    }
    for (Trace.Event event : trace.events()) {
      events.add(
          object(
              "name",
              event.name(),
              "cat",
              event.track() == Trace.Track.HOST ? "host" : "device",
              "ph",
              "X",
              "ts",
              (event.startNanos() - zero) / 1e3,
              "dur",
              event.nanos() / 1e3,
              "pid",
              PROCESS,
              "tid",
              thread(event.track()),
              "args",
              event.detail().isEmpty() ? Map.of() : object("kernel", event.detail())));
    }
    return object("displayTimeUnit", "ms", "traceEvents", events);
  }

  private static Map<String, Object> name(String kind, int thread, String name) {
    return object(
        "name", kind, "ph", "M", "pid", PROCESS, "tid", thread, "args", object("name", name));
  }

  private static int thread(Trace.Track track) {
    return track.ordinal() + 1;
  }
}
