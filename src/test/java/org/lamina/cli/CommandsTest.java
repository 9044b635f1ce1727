package org.lamina.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Npy;
import org.lamina.weights.Safetensors;

/** The commands that need a device, on a network that takes no time. */
final class CommandsTest {

  @TempDir private Path folder;
  private SmallNetwork small;

  @BeforeEach
  void writeNetwork() throws IOException {
    small = SmallNetwork.in(folder);
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  @Test
  void devicesAreListedAndTested() {
    JsonNode devices = Outcome.of("devices", "--json").succeeded().json();
    assertTrue(devices.size() > 0);
    int defaults = 0;
    for (JsonNode device : devices) {
      assertTrue(device.at("/self_test/passed").asBoolean(), device.toString());
      defaults += device.get("default").asBoolean() ? 1 : 0;
    }
    assertEquals(1, defaults);
    assertEquals(
        List.of(
            "index",
            "name",
            "default",
            "platform",
            "platform_version",
            "vendor",
            "type",
            "compute_units",
            "clock_mhz",
            "memory",
            "max_allocation",
            "local_memory",
            "max_work_group",
            "vector_width",
            "kernels",
            "opencl",
            "driver",
            "self_test",
            "measured"),
        names(devices.get(0)));
    String text = Outcome.of("devices").succeeded().out();
    assertTrue(text.contains(devices.at("/0/name").asText()) && text.contains("(default)"), text);
  }

  @Test
  void timeReportsEveryLayer() {
    JsonNode json =
        Outcome.of("time", small.file(), "--json", "--runs", 3, "--batch", 2, "--quiet")
            .succeeded()
            .json();
    assertEquals("small", json.get("network").asText());
    assertEquals(3, json.get("runs").asInt());
    assertEquals(2, json.get("batch").asInt());
    double share = 0;
    long macs = 0;
    for (JsonNode layer : json.get("layers")) {
      assertTrue(layer.get("min_ms").asDouble() <= layer.get("median_ms").asDouble());
      share += layer.get("share").asDouble();
      macs += layer.get("macs").asLong();
    }
    assertEquals(1, share, 1e-9);
    assertEquals(2 * 7104, macs);
    assertTrue(json.get("min_ms").asDouble() > 0);
    assertEquals(json.get("median_ms").asDouble() / 2, json.get("median_ms_per_image").asDouble());
  }

  @Test
  void timePrintsATable() {
    Outcome outcome = Outcome.of("time", small.file(), "-w", small.weights(), "-r", 2);
    String out = outcome.succeeded().out();
    assertTrue(out.startsWith("small on "), out);
    assertTrue(out.contains("2 runs after warm-up, weights from " + small.weights()), out);
    assertTrue(out.contains("conv1 + relu1  conv"), out);
    assertTrue(out.contains("per image: median"), out);
    Outcome.of("time", small.file(), "-r", 0).failed(ExitCode.USAGE, "--runs must be at least 1");
  }

  @Test
  void timeAndRunWriteATrace() throws IOException {
    Path trace = folder.resolve("trace.json");
    Outcome.of("time", small.file(), "-r", 1, "--trace", trace).succeeded();
    JsonNode events = new ObjectMapper().readTree(trace.toFile()).get("traceEvents");
    assertEquals(3, count(events, "enqueue"));
    assertEquals(3, count(events, "conv1 + relu1"));
    Path input = folder.resolve("in.npy");
    Npy.write(input, Tensor.zeros(Shape.of(3, 3, 8, 8)));
    Outcome.of(
            "run",
            small.file(),
            "-w",
            small.weights(),
            "-i",
            input,
            "-o",
            folder.resolve("out.safetensors"),
            "--batch",
            2,
            "--trace",
            trace)
        .succeeded();
    events = new ObjectMapper().readTree(trace.toFile()).get("traceEvents");
    assertEquals(2, count(events, "conv1 + relu1"), "two batches");
  }

  private static long count(JsonNode events, String name) {
    return StreamSupport.stream(events.spliterator(), false)
        .filter(event -> event.get("name").asText().equals(name))
        .count();
  }

  @Test
  void aBarIsAsLongAsItsShare() {
    assertEquals("", TimeReport.bar(0));
    assertEquals("██████", TimeReport.bar(0.5));
    assertEquals("▏", TimeReport.bar(1 / 96.0));
    assertEquals("████████████", TimeReport.bar(1));
  }

  @Test
  void classifyHasThisJson() throws IOException {
    Files.writeString(folder.resolve("labels.txt"), "ant\nbee\ncat\n");
    Path photo = Pictures.png(folder.resolve("a.png"), 9, 9);
    JsonNode json =
        Outcome.of("classify", small.file(), "-w", small.weights(), "--json", "--top", 2, photo)
            .succeeded()
            .json();
    assertEquals(1, json.size());
    assertEquals(List.of("image", "predictions"), names(json.get(0)));
    assertEquals(photo.toString(), json.at("/0/image").asText());
    assertEquals(2, json.at("/0/predictions").size());
    JsonNode best = json.at("/0/predictions/0");
    assertEquals(List.of("index", "label", "probability"), names(best));
    assertEquals(
        List.of("ant", "bee", "cat").get(best.get("index").asInt()), best.get("label").asText());
    assertTrue(best.get("probability").isDouble());
  }

  @Test
  void classifyTakesFoldersInBatchesAndTheLastMayBeSmaller() throws IOException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    for (int i = 0; i < 5; i++) {
      Pictures.png(photos.resolve("p" + i + ".png"), 8 + i, 8);
    }
    Outcome one =
        Outcome.of("classify", small.file(), "-w", small.weights(), "--json", "-b1", photos);
    Outcome two =
        Outcome.of("classify", small.file(), "-w", small.weights(), "--json", "-b2", photos);
    assertEquals(5, one.succeeded().json().size());
    for (int i = 0; i < 5; i++) {
      String image = "/" + i + "/image";
      assertEquals(photos.resolve("p" + i + ".png").toString(), one.json().at(image).asText());
      assertEquals(one.json().at(image), two.succeeded().json().at(image));
      String probability = "/" + i + "/predictions/0/probability";
      assertEquals(
          one.json().at(probability).asDouble(), two.json().at(probability).asDouble(), 1e-6);
    }
  }

  @Test
  void classifyWithoutLabelsNumbersTheClassesAndNamesTheDevice() throws IOException {
    Path photo = Pictures.png(folder.resolve("a.png"), 9, 9);
    Outcome outcome = Outcome.of("classify", small.file(), "-w", small.weights(), photo);
    assertTrue(outcome.succeeded().out().matches("(?s).*\\d\\.\\d{4}  class [012]\n.*"));
    assertTrue(outcome.err().startsWith("on "), outcome.err());
    Outcome quiet = Outcome.of("classify", small.file(), "-w", small.weights(), photo, "-q");
    assertEquals("", quiet.succeeded().err());
  }

  @Test
  void scoresWithoutASoftmaxGetOne() throws IOException {
    Path photo = Pictures.png(folder.resolve("a.png"), 9, 9);
    JsonNode with = probabilities(photo);
    String text = Files.readString(small.file()).replace("  - softmax: {name: prob}\n", "");
    Files.writeString(small.file(), text);
    JsonNode without = probabilities(photo);
    for (int i = 0; i < 3; i++) {
      String at = "/0/predictions/" + i + "/probability";
      assertEquals(with.at(at).asDouble(), without.at(at).asDouble(), 1e-6);
    }
  }

  private JsonNode probabilities(Path photo) {
    return Outcome.of("classify", small.file(), "-w", small.weights(), "--json", photo)
        .succeeded()
        .json();
  }

  @Test
  void runWritesAnyLayerOfAnyNumberOfImages() {
    Path input = folder.resolve("in.npy");
    Path output = folder.resolve("out.safetensors");
    float[] values = new float[3 * 3 * 8 * 8];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    Npy.write(input, new Tensor(Shape.of(3, 3, 8, 8), values));
    JsonNode json =
        Outcome.of(
                "run",
                small.file(),
                "-w",
                small.weights(),
                "-i",
                input,
                "-o",
                output,
                "-l",
                "pool1,conv1",
                "-b",
                2,
                "--json")
            .succeeded()
            .json();
    assertEquals(List.of("network", "device", "output", "tensors"), names(json));
    assertEquals(
        "[{\"name\":\"conv1\",\"shape\":[3,4,8,8]},{\"name\":\"pool1\",\"shape\":[3,4,4,4]}]",
        json.get("tensors").toString());
    try (Safetensors written = Safetensors.open(output)) {
      assertEquals(
          Map.of("conv1", Shape.of(3, 4, 8, 8), "pool1", Shape.of(3, 4, 4, 4)), written.shapes());
      float[] conv1 = written.read("conv1").orElseThrow().values();
      float[] pool1 = written.read("pool1").orElseThrow().values();
      assertArrayEquals(maxPooledRelu(conv1, 3 * 4), pool1, 0);
    }
  }

  private static float[] maxPooledRelu(float[] x, int planes) {
    float[] y = new float[planes * 16];
    for (int p = 0; p < planes; p++) {
      for (int i = 0; i < 64; i++) {
        int to = p * 16 + i / 8 / 2 * 4 + i % 8 / 2;
        y[to] = Math.max(y[to], x[p * 64 + i]);
      }
    }
    return y;
  }

  @Test
  void runTakesAnyNameOfTheOnlyTensorAndWritesTheOutputs() {
    Path input = folder.resolve("in.safetensors");
    Path output = folder.resolve("out.safetensors");
    Safetensors.write(input, Map.of("picture", Tensor.zeros(Shape.of(3, 8, 8))));
    String out =
        Outcome.of("run", small.file(), "-w", small.weights(), "-i", input, "-o", output)
            .succeeded()
            .out();
    assertTrue(out.contains("prob    1×3×1×1"), out);
    try (Safetensors written = Safetensors.open(output)) {
      assertEquals(Map.of("prob", Shape.of(1, 3, 1, 1)), written.shapes());
    }
  }
}
