package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs in processes of their own that are killed without warning, or find the disk full, and go on:
 * they end with the same bits as one that nobody disturbed.
 */
final class KillTest {

  private static final String RECIPE =
      "{batch: 8, steps: 1200, optimizer: {adam: {}}, learning_rate: {cosine: {start: 0.002}},"
          + " augment: [mirror], evaluate: {every: 7.3}, checkpoint: 0.9}";

  @TempDir private Path folder;

  private Process start(Path run, boolean resumes, String limit) throws IOException {
    List<String> java =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                "org.lamina.cli.Lamina",
                "train"));
    if (resumes) {
      java.addAll(List.of("--resume", run.toString()));
    } else {
      java.addAll(List.of(network().toString(), "--data", Trainings.DATA, "-o", run.toString()));
    }
    List<String> command =
        limit.isEmpty()
            ? java
            : List.of("bash", "-c", "ulimit -f " + limit + " && exec \"$@\"", "bash");
    List<String> whole = new ArrayList<>(command);
    if (!limit.isEmpty()) {
      whole.addAll(java);
    }
    return new ProcessBuilder(whole)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("out.txt").toFile())
        .start();
  }

  private Path network() throws IOException {
    Path file = folder.resolve("small.yaml");
    if (!Files.exists(file)) {
      Files.writeString(file, Trainings.text(RECIPE));
    }
    return file;
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("out.txt"), StandardCharsets.UTF_8);
  }

  private void finish(Path run, boolean resumes) throws IOException, InterruptedException {
    Process process = start(run, resumes, "");
    assertTrue(process.waitFor(300, TimeUnit.SECONDS), "the run does not end");
    assertEquals(0, process.exitValue(), output());
  }

  @Test
  void twentyKillsChangeNothing() throws IOException, InterruptedException {
    kill(20);
  }

  @Test
  @Tag("long")
  void twoHundredKillsChangeNothing() throws IOException, InterruptedException {
    kill(200);
  }

  private void kill(int times) throws IOException, InterruptedException {
    Path calm = folder.resolve("calm");
    finish(calm, false);
    Random random = new Random(11);
    Path run = folder.resolve("killed");
    int kills = 0;
    while (kills < times) {
      boolean begun = Files.exists(run.resolve("network.yaml"));
      Process process = start(run, begun, "");
      // Anything from the start of the JVM to hundreds of steps.
      boolean ended = process.waitFor(50 + random.nextInt(1500), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      if (ended) {
        assertEquals(0, process.exitValue(), output());
        assertEquals(Trainings.bits(calm), Trainings.bits(run), "after " + kills + " kills");
        run = folder.resolve("killed" + kills); // and on with another one
      } else {
        kills++;
      }
    }
    finish(run, Files.exists(run.resolve("network.yaml")));
    assertEquals(Trainings.bits(calm), Trainings.bits(run));
  }

  /** A limit on the size of files makes writing fail as a full disk does. */
  @Test
  void aFullDiskLeavesTheLastCheckpointGood() throws IOException, InterruptedException {
    Path calm = folder.resolve("calm");
    finish(calm, false);
    Path run = folder.resolve("full");
    Process process = start(run, false, "4"); // blocks of 1,024 bytes: metrics outgrow them
    assertTrue(process.waitFor(300, TimeUnit.SECONDS), "the run does not end");
    assertEquals(4, process.exitValue(), output());
    assertTrue(output().contains("cannot be written"), output());
    assertTrue(output().contains("--resume"), output());
    finish(run, true);
    assertEquals(Trainings.bits(calm), Trainings.bits(run));
  }

  @Test
  void beingAskedToEndWritesACheckpoint() throws IOException, InterruptedException {
    Path run = folder.resolve("asked");
    Process process = start(run, false, "");
    for (int i = 0; i < 600 && !Files.exists(run.resolve("metrics.csv")); i++) {
      Thread.sleep(50);
    }
    Thread.sleep(300);
    process.destroy(); // SIGTERM, as Ctrl-C is SIGINT
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the run does not end");
    if (process.exitValue() != 0) {
      assertTrue(output().contains("stopped after"), output());
      assertTrue(output().contains("lamina train --resume"), output());
    }
    finish(run, true);
    assertTrue(Files.exists(run.resolve("report.html")));
  }
}
