package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command in a process of its own, in surroundings that are not as they should be. */
final class EnvironmentTest {

  @TempDir private Path folder;

  /** Runs the command in a process of its own. */
  private Outcome run(Map<String, String> environment, List<String> options, Object... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lamina.class.getName()));
    for (Object arg : args) {
      command.add(arg.toString());
    }
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }

  @Test
  void withoutAPlatformItSaysHowToInstallOne() throws Exception {
    Map<String, String> nothing =
        Map.of("OCL_ICD_VENDORS", folder.toString(), "OCL_ICD_FILENAMES", "");
    Outcome devices = run(nothing, List.of(), "devices");
    devices.failed(ExitCode.DEVICE, "OpenCL", "install");
    assertEquals("", devices.out());
    run(nothing, List.of(), "time", "lenet").failed(ExitCode.DEVICE, "install");
    assertTrue(
        run(nothing, List.of(), "summary", "lenet").succeeded().out().contains("no OpenCL device"));
  }

  @Test
  void withoutAWritableCacheItWorks() throws Exception {
    Path unwritable = Path.of("/proc/lamina"); // nobody can create it, root neither
    Assumptions.assumeTrue(Files.isDirectory(unwritable.getParent()), "there is no /proc here");
    SmallNetwork small = SmallNetwork.in(folder);
    run(Map.of("LAMINA_CACHE", unwritable.toString()), List.of(), "time", small.file(), "--runs", 1)
        .succeeded();
  }

  @Test
  void whatADeviceCanDoIsMeasuredKeptAndDrawn() throws Exception {
    SmallNetwork small = SmallNetwork.in(folder);
    Map<String, String> cache = Map.of("LAMINA_CACHE", folder.resolve("cache").toString());
    String before = run(cache, List.of(), "time", small.file(), "-r", 1).succeeded().out();
    assertTrue(before.contains("devices --measure") && !before.contains("of roof"), before);
    JsonNode measured =
        run(cache, List.of(), "devices", "--measure", "--json").json().get(0).get("measured");
    assertTrue(measured.get("gflops").asDouble() > 0, measured.toString());
    Path picture = folder.resolve("roofline.svg");
    JsonNode json =
        run(cache, List.of(), "time", small.file(), "--json", "-d", 0, "--roofline", picture)
            .succeeded()
            .json();
    assertEquals(measured, json.get("measured"));
    for (JsonNode layer : json.get("layers")) {
      assertTrue(layer.get("roof_share").asDouble() >= 0, layer.toString());
    }
    String svg = Files.readString(picture);
    assertTrue(svg.contains("small, batch 1") && svg.contains("conv1 + relu1"), svg);
    String after = run(cache, List.of(), "time", small.file(), "-r", 1).succeeded().out();
    assertTrue(after.contains("of roof") && after.contains("the roof: "), after);
  }

  @Test
  void aFullHeapIsNoStackTrace() throws Exception {
    run(Map.of(), List.of("-Xmx40m"), "time", "alexnet", "--runs", 1)
        .failed(ExitCode.FAILED, "ran out of memory", "40 MiB", "-Xmx");
  }

  @Test
  void outputIsUtf8InEveryLocale() throws Exception {
    Outcome outcome = run(Map.of("LC_ALL", "C"), List.of(), "summary", "lenet");
    assertTrue(outcome.succeeded().out().contains("×"), outcome.out());
  }
}
