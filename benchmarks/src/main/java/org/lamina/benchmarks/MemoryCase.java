package org.lamina.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.network.Network;
import org.lamina.yaml.NetworkFile;

/**
 * The memory of a process that has loaded a network and run it one image at a time, beside that of
 * a process that did the same with ONNX Runtime from Java with the same JVM options.
 *
 * @param name the word that selects it
 * @param network a shipped network
 * @param what which of the process's figures is compared
 * @param goal Lamina's bytes divided by the peer's
 */
record MemoryCase(String name, String network, Figure what, Goal goal) implements Case {

  /** What Linux says of a process. */
  enum Figure {
    /** The most that it ever held. */
    HIGHEST("VmHWM", "highest resident memory"),
    /** What it holds at the end, pages of libraries included that it shares with others. */
    RESIDENT("VmRSS", "resident memory after some runs"),
    /** The same without what is in files. */
    ANONYMOUS("RssAnon", "memory of its own after some runs");

    private final String line;
    private final String text;

    Figure(String line, String text) {
      this.line = line;
      this.text = text;
    }
  }

  @Override
  public String work() {
    return "%s, batch 1: %s".formatted(network, what.text);
  }

  @Override
  public String peer() {
    return "ONNX Runtime";
  }

  @Override
  public Row run(Settings settings) {
    Network described = NetworkFile.find(network);
    Models models = new Models(settings.models());
    String ours =
        Processes.output(
            Processes.java(
                List.of(),
                MemoryOf.class,
                "lamina",
                network,
                models.weights(described).toString()));
    String theirs =
        Processes.output(
            Processes.java(
                List.of(),
                MemoryOf.class,
                "onnx",
                network,
                models.onnx(described).toString(),
                Integer.toString(settings.threads())));
    double lamina = mebibytes(ours, what.line);
    double other = mebibytes(theirs, what.line);
    return row(
        new Row.Result(lamina / other, text(lamina), text(other), Double.NaN, Double.NaN, 1),
        "pages of libraries and other files: %s, %s"
            .formatted(text(mebibytes(ours, "RssFile")), text(mebibytes(theirs, "RssFile"))));
  }

  private static String text(double mebibytes) {
    return String.format(Locale.ROOT, "%.0f MiB", mebibytes);
  }

  private static double mebibytes(String status, String name) {
    Matcher matcher = Pattern.compile(name + ":\\s*(\\d+) kB").matcher(status);
    if (!matcher.find()) {
      throw new Case.Unavailable("/proc/self/status has no " + name);
    }
    return Long.parseLong(matcher.group(1)) / 1024.0;
  }
}
