package org.lamina.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.lamina.engine.Families;
import org.lamina.opencl.Device;

/** What was measured on what. */
final class Facts {

  private Facts() {}

  static Map<String, String> of(Settings settings, Path root) {
    Device device = Device.best();
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("device", device.name());
    facts.put("compute units", Integer.toString(device.computeUnits()));
    facts.put("processor", processor());
    facts.put("platform", device.platform() + ", " + device.platformVersion());
    facts.put("driver", device.driverVersion());
    facts.put("kernels", Families.of(device).toString());
    facts.put("Lamina", commit(root));
    facts.put("ONNX Runtime", "1.29.0, %d threads".formatted(settings.threads()));
    facts.put("PyTorch", "2.7.1 through DJL 0.35.1, %d threads".formatted(settings.threads()));
    facts.put("Java", System.getProperty("java.runtime.version"));
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    facts.put(
        "method",
        "medians of turns, Lamina and the other in turn; spread: distance of the quartiles of"
            + " either side's turns, and their number");
    return facts;
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String commit(Path root) {
    try {
      Process git =
          new ProcessBuilder("git", "-C", root.toString(), "describe", "--always", "--dirty")
              .redirectErrorStream(true)
              .start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? "commit " + text : "unknown commit";
    } catch (IOException e) {
      return "unknown commit";
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
