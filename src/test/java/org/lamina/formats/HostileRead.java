package org.lamina.formats;

import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.lamina.weights.WeightsException;

/**
 * Reads a file that may hold anything, and fails if its reader does what none may: throw another
 * exception than ours, allocate more than the file and 64 MB, or take more than a second.
 */
final class HostileRead {

  private static final long MOST_BYTES = 64L << 20;
  private static final long MOST_NANOSECONDS = 1_000_000_000;

  private static final CopyOption OVER = StandardCopyOption.REPLACE_EXISTING;

  private final ThreadMXBean thread = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private final boolean inAll;

  private HostileRead(boolean inAll) {
    this.inAll = inAll;
  }

  /** Counts what is allocated at any time: quick, and stricter than need be. */
  static HostileRead counting() {
    return new HostileRead(false);
  }

  /** Lets a process with a heap of that size decide, where more is allocated in all. */
  static HostileRead inAll() {
    return new HostileRead(true);
  }

  /** Reads a file that was made by hand. */
  boolean of(HostileSamples sample, Path path) throws IOException {
    return of(sample, path, "made by hand");
  }

  /** Reads a file as whoever calls it in a small heap wants; ends with 0 if that was enough. */
  public static void main(String[] args) {
    try {
      HostileSamples.readNetwork(Path.of(args[0]));
    } catch (WeightsException | FormatException e) {
      System.exit(0);
    }
    System.exit(0);
  }

  private static boolean fitsHeap(Path path) throws IOException {
    long heap = MOST_BYTES + Files.size(path);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                HostileRead.class.getName(),
                path.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      process.destroy();
      throw new AssertionError(e);
    }
  }

  /**
   * Reads a file.
   *
   * @param which says which it is, for messages
   * @return whether the file was taken
   */
  boolean of(HostileSamples sample, Path path, String which) throws IOException {
    long bytes = thread.getThreadAllocatedBytes(Thread.currentThread().getId());
    long time = thread.getCurrentThreadCpuTime();
    boolean taken = true;
    try {
      sample.read().accept(path);
    } catch (WeightsException | FormatException e) {
      taken = false;
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        fail(sample.file() + ", " + which + ": an error without a message", e);
      }
    } catch (RuntimeException | Error e) {
      Path kept = Files.copy(path, Files.createTempFile("hostile", sample.file()), OVER);
      fail(sample.file() + ", " + which + ": " + e + "; the file is kept as " + kept, e);
    }
    time = thread.getCurrentThreadCpuTime() - time;
    bytes = thread.getThreadAllocatedBytes(Thread.currentThread().getId()) - bytes;
    boolean tooMuch = bytes > MOST_BYTES + Files.size(path);
    if (time > MOST_NANOSECONDS || tooMuch && !(inAll && fitsHeap(path))) {
      Path kept = Files.copy(path, Files.createTempFile("hostile", sample.file()), OVER);
      fail(
          "%s, %s: %d ms and %d bytes; the file is kept as %s"
              .formatted(sample.file(), which, time / 1_000_000, bytes, kept));
    }
    return taken;
  }
}
