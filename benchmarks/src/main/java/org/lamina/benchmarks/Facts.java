package org.lamina.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

  /**
   * Returns the last commit that changed Lamina itself, and whether something was changed since.
   */
  private static String commit(Path root) {
    List<String> paths = List.of("--", "src/main", "opencl", "networks", "pom.xml");
    String commit = git(root, List.of("log", "-1", "--format=%h"), paths);
    String changes = git(root, List.of("status", "--porcelain"), paths);
    if (commit.isEmpty()) {
      return "unknown commit";
    }
    return "commit " + commit + (changes.isEmpty() ? "" : " with changes");
  }

  /** Returns what git prints, nothing if it fails or is not there. */
  private static String git(Path root, List<String> arguments, List<String> paths) {
    List<String> command = new ArrayList<>(List.of("git", "-C", root.toString()));
    command.addAll(arguments);
    command.addAll(paths);
    try {
      Process git = new ProcessBuilder(command).start();
      String text = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }
}
