package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.tensor.Shape;
import org.lamina.tensor.Tensor;
import org.lamina.train.Checkpoints.Checkpoint;

/** Checkpoints, metrics and events: written whole, read back, and safe against damage. */
final class RunFilesTest {

  private static final double NONE = Double.NaN;

  @TempDir private Path folder;

  private static Checkpoint checkpoint(long step) {
    TrainingState state =
        new TrainingState(step, 1, 0.25, 2, NONE, 3, 4, 0.1, 5, 6, 0.7, 8, 9, 10, 11.5);
    Tensor tensor = new Tensor(new Shape(List.of(2)), new float[] {step, 0.1f});
    return new Checkpoint(state, Map.of("fc.weight", tensor), Map.of("0.fc.weight", tensor));
  }

  private Optional<Checkpoint> newest(List<String> warnings) throws IOException {
    return new Checkpoints(folder.resolve("c")).newest(warnings::add);
  }

  @Test
  void aCheckpointComesBackAsItWas() throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder.resolve("c"));
    assertEquals(Optional.empty(), newest(new ArrayList<>()));
    checkpoints.write(checkpoint(7));
    Checkpoint found = newest(new ArrayList<>()).orElseThrow();
    assertEquals(checkpoint(7).state(), found.state());
    assertArrayEquals(new float[] {7, 0.1f}, found.weights().get("fc.weight").values());
    assertArrayEquals(new float[] {7, 0.1f}, found.memories().get("0.fc.weight").values());
  }

  @Test
  void theLastTwoStayAndLeftoversGo() throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder.resolve("c"));
    Files.createDirectories(folder.resolve("c/.step-0000000003"));
    Files.writeString(folder.resolve("c/.step-0000000003/weights.safetensors"), "half");
    for (int step = 1; step <= 4; step++) {
      checkpoints.write(checkpoint(step));
    }
    checkpoints.write(checkpoint(4)); // again, as after a kill behind the rename
    try (Stream<Path> files = Files.list(folder.resolve("c"))) {
      assertEquals(
          List.of("step-0000000003", "step-0000000004"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }

  /** Every file of the newest checkpoint, cut, changed, emptied or removed. */
  @Test
  void aDamagedCheckpointIsPassedOver() throws IOException {
    for (String file : List.of("weights.safetensors", "optimizer.safetensors", "state.json")) {
      for (int damage = 0; damage < 4; damage++) {
        Checkpoints checkpoints = new Checkpoints(folder.resolve("c"));
        checkpoints.write(checkpoint(1));
        checkpoints.write(checkpoint(2));
        Path victim = folder.resolve("c/step-0000000002").resolve(file);
        byte[] bytes = Files.readAllBytes(victim);
        switch (damage) {
          case 0 -> Files.write(victim, java.util.Arrays.copyOf(bytes, bytes.length - 1));
          case 1 -> {
            bytes[bytes.length / 2] ^= 1;
            bytes[0] ^= 64;
            Files.write(victim, bytes);
          }
          case 2 -> Files.write(victim, new byte[0]);
          default -> Files.delete(victim);
        }
        List<String> warnings = new ArrayList<>();
        assertEquals(1, newest(warnings).orElseThrow().state().step(), file + " " + damage);
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).contains("damaged"), warnings.get(0));
      }
    }
  }

  @Test
  void metricsAreCutWhereTheCheckpointWas() throws IOException {
    Path path = folder.resolve("metrics.csv");
    MetricsFile.Row first = new MetricsFile.Row(10, 0.5, 0.1, 2.5, 0.1, NONE, NONE, NONE);
    MetricsFile.Row second = new MetricsFile.Row(20, 1, 0.1, 1.5, 0.4, 1.25, 0.5, 0.875);
    long length;
    try (MetricsFile file = new MetricsFile(path, 0)) {
      file.add(first);
      length = file.flush();
      file.add(second);
    }
    byte[] whole = Files.readAllBytes(path);
    assertEquals(
        List.of(false, true),
        MetricsFile.read(path).stream().map(MetricsFile.Row::isEvaluation).toList());
    try (MetricsFile file = new MetricsFile(path, length)) {
      assertEquals(1, MetricsFile.read(path).size());
      file.add(second);
    }
    assertArrayEquals(whole, Files.readAllBytes(path));
    assertEquals(
        "step,epoch,learning_rate,loss,accuracy,validation_loss,validation_accuracy,validation_top5\n"
            + "10,0.5,0.1,2.5,0.1,,,\n20,1.0,0.1,1.5,0.4,1.25,0.5,0.875\n",
        Files.readString(path));
    assertThrows(IOException.class, () -> new MetricsFile(path, 10_000));
    Files.writeString(path, "step\nx,y\n");
    assertThrows(IOException.class, () -> MetricsFile.read(path));
  }

  /** Reads the file as the format's description has it, without the code that wrote it. */
  @Test
  void eventsAreTensorBoards() throws IOException {
    try (EventFile events = new EventFile(folder.resolve("tb"), 5)) {
      events.add(new MetricsFile.Row(300, 1, 0.1, 2.5, 0.25, NONE, NONE, NONE));
    }
    Path path;
    try (Stream<Path> files = Files.list(folder.resolve("tb"))) {
      path = files.findFirst().orElseThrow();
    }
    assertTrue(path.getFileName().toString().startsWith("events.out.tfevents."));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (bytes.hasRemaining()) {
      byte[] length = new byte[8];
      bytes.get(length);
      assertEquals(masked(length), bytes.getInt());
      byte[] data =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      bytes.get(data);
      assertEquals(masked(data), bytes.getInt());
      records.add(data);
    }
    assertEquals(3, records.size());
    assertTrue(text(records.get(0)).contains("brain.Event:2"));
    byte[] last = records.get(2);
    assertEquals(9, last[0], "field 1, 64 bits: the time");
    assertEquals(16, last[9], "field 2, varint: the step");
    assertEquals((byte) 0xAC, last[10]);
    assertEquals(2, last[11]);
    assertEquals(42, last[12], "field 5, a message: the summary");
    assertTrue(text(last).contains("loss/training"));
    assertFalse(text(last).contains("validation"));
    ByteBuffer loss = ByteBuffer.wrap(last).order(ByteOrder.LITTLE_ENDIAN);
    int at = text(last).indexOf("loss/training") + "loss/training".length();
    assertEquals(21, last[at], "field 2, 32 bits: the value");
    assertEquals(2.5f, loss.getFloat(at + 1));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private static int masked(byte[] bytes) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, bytes.length);
    int crc = (int) sum.getValue();
    return (crc >>> 15 | crc << 17) + 0xa282ead8;
  }

  @Test
  void scoresAreCounted() {
    Scoreboard scores = new Scoreboard(3);
    assertEquals(1, scores.add(new float[] {9, 0.2f, 0.7f, 0.1f}, 1, 0));
    assertEquals(0, scores.add(new float[] {0.5f, 0.5f, 0}, 0, 0), "a tie goes to the first");
    assertEquals(0, scores.add(new float[] {0.5f, 0.5f, 0}, 0, 1));
    assertEquals(3, scores.samples());
    assertEquals(1 / 3.0, scores.accuracy(), 1e-12);
    assertEquals(1, scores.top5(), 1e-12);
    assertEquals(-(Math.log(0.2f) + 2 * Math.log(0.5)) / 3, scores.loss(), 1e-6);
    assertEquals(1, scores.confusion(0, 1));
    assertEquals(1, scores.confusion(1, 0));
    assertEquals(2, scores.samplesOf(0));
    assertEquals(2, scores.saidToBe(0));
    scores.add(new float[] {Float.NaN, Float.NaN, Float.NaN}, 0, 2);
    assertEquals(0.25, scores.accuracy(), 1e-12, "what is no number is not right");
  }

  @Test
  void aFolderIsOneRunsAndOneProcesss() {
    Path path = folder.resolve("run");
    try (RunFolder run = RunFolder.create(path)) {
      RunException busy = assertThrows(RunException.class, () -> RunFolder.create(path));
      assertTrue(busy.getMessage().contains("another process"), busy.getMessage());
      run.begin("network: n\n", Map.of("seed", 3, "device", "x"), List.of("a", "b"));
      assertEquals(Map.of("seed", 3, "device", "x"), run.facts());
    }
    RunException there = assertThrows(RunException.class, () -> RunFolder.create(path));
    assertTrue(there.getMessage().contains("--resume"), there.getMessage());
    assertThrows(RunException.class, () -> RunFolder.open(folder.resolve("nothing")));
  }
}
