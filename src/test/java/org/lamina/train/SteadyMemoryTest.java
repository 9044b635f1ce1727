package org.lamina.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.network.Network;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.yaml.NetworkFile;

/**
 * A thousand steps leave the memory of host and device where it was after a hundred. They are made
 * in a process of its own whose heap has one size from the beginning, all of it resident, so that
 * the memory of the process can be compared.
 */
@Tag("long")
final class SteadyMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");

  @TempDir private Path folder;

  /**
   * What a process holds, in bytes.
   *
   * @param heap objects that are alive
   * @param resident memory of the process that is in use
   * @param device buffers
   */
  private record Held(long heap, long resident, long device) {

    static Held now(Session session) {
      System.gc();
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      return new Held(heap, ofTheProcess(), session.bytesAllocated());
    }

    private static long ofTheProcess() {
      try {
        return Files.readAllLines(STATUS).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void aThousandStepsHoldWhatAHundredHeld() throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.exists(STATUS), "skipped: only Linux tells what is resident");
    Path out = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1", // as the command has it: compiling takes memory, too
                "-Xms128m",
                "-Xmx128m",
                "-XX:+AlwaysPreTouch",
                "-cp",
                System.getProperty("java.class.path"),
                SteadyMemoryTest.class.getName(),
                folder.resolve("run").toString(),
                out.toString())
            .inheritIO()
            .start();
    assertTrue(process.waitFor(20, TimeUnit.MINUTES), "the run does not end");
    assertEquals(0, process.exitValue());
    List<String> lines = Files.readAllLines(out);
    long[] before = numbers(lines.get(0));
    long[] after = numbers(lines.get(lines.size() - 1));
    String all = "steps, heap, resident, device:\n" + String.join("\n", lines);
    assertEquals(100, before[0]);
    assertEquals(1000, after[0]);
    for (int i = 1; i < before.length; i++) { // what the start has left behind may go
      assertTrue(after[i] <= 1.01 * before[i], all);
    }
    assertEquals(before[3], after[3], all);
    System.err.println(all);
  }

  private static long[] numbers(String line) {
    return List.of(line.split(" ")).stream().mapToLong(Long::parseLong).toArray();
  }

  /**
   * Trains for 1,000 steps of 32 figures, with evaluations and checkpoints on the way. All 2,000
   * figures have been drawn, and are kept, before the hundredth.
   *
   * @param args the folder of the run; the file for what was held, a line every hundred steps
   */
  public static void main(String[] args) throws IOException {
    Network network =
        NetworkFile.parse(
            "steady.yaml",
            """
            extends: quickstart
            network: steady
            training: {epochs: 16, evaluate: {every: 0.2}, checkpoint: 0.2}
            """);
    StringBuilder lines = new StringBuilder();
    try (Session session = Session.open(Device.best());
        Run run = Run.of(network, "shapes:train=2000,test=400", new Run.Options(2), Device.best());
        RunFolder place = run.begin(Path.of(args[0]), "seed 1");
        Trainer trainer =
            run.trainer(
                session,
                place,
                Trainings.seeded(network),
                new TrainingListener() {
                  @Override
                  public void step(StepDone step) {
                    if (step.number() % 100 == 0) {
                      Held held = Held.now(session);
                      lines.append(
                          "%d %d %d %d%n"
                              .formatted(
                                  step.number(), held.heap(), held.resident(), held.device()));
                    }
                  }
                })) {
      trainer.run();
    }
    Files.writeString(Path.of(args[1]), lines);
  }
}
