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
 * @param peak whether the most that the process ever held is compared, and not what it holds at the
 *     end
 * @param goal Lamina's bytes divided by the peer's
 */
record MemoryCase(String name, String network, boolean peak, Goal goal) implements Case {

  @Override
  public String work() {
    return "%s, batch 1: %s resident memory".formatted(network, peak ? "highest" : "final");
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
    String line = peak ? "VmHWM" : "VmRSS";
    double lamina = mebibytes(ours, line);
    double other = mebibytes(theirs, line);
    return row(
        new Row.Result(lamina / other, text(lamina), text(other), Double.NaN, Double.NaN, 1),
        "of these not in files: %s, %s"
            .formatted(text(mebibytes(ours, "RssAnon")), text(mebibytes(theirs, "RssAnon"))));
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
