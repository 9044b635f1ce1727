package org.lamina.engine;

import java.util.function.IntConsumer;
import org.lamina.opencl.Device;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;
import org.lamina.opencl.SessionOptions;

/** Measures a {@link Roofline}: the best of several runs of each kernel, on the host's clock. */
final class RooflineMeasurement {

  private static final long LEAST_NANOS = 10_000_000;
  private static final int RUNS = 25;
  private static final int LAUNCHES = 300;
  private static final int CPU_ITEMS_PER_UNIT = 8;
  private static final int GPU_ITEMS_PER_UNIT = 2048;
  // Several times what caches hold, and small enough for any device.
  private static final long BUFFER_FLOATS = 64L << 20;
  private static final int UNROLLED = 4;

  private final Session session;
  private final boolean cpu;
  private final int vector;
  private final int chains;
  private final int items;
  private final Program program;
  private final DeviceBuffer sums;

  private RooflineMeasurement(Session session) {
    this.session = session;
    Device device = session.device();
    cpu = device.isCpu();
    vector = Families.of(device).vector();
    // Enough to hide the latency of two pipelines, few enough for the registers beside a and b:
    // there are 32 of them where vectors have 16 floats, and 16 otherwise.
    chains = vector == 16 ? 24 : 12;
    items = device.computeUnits() * (cpu ? CPU_ITEMS_PER_UNIT : GPU_ITEMS_PER_UNIT);
    program =
        session.program(
            "roofline.cl", Macros.none().define("VECTOR", vector).define("CHAINS", chains));
    sums = session.allocate("the sums", (long) items * vector);
  }

  static Roofline of(Device device, SessionOptions options) {
    try (Session session = Session.open(device, options.withProfiling(false))) {
      return new RooflineMeasurement(session).measure();
    }
  }

  private Roofline measure() {
    double gflops = gflops();
    double launch = launchMicros();
    long floats = Math.min(BUFFER_FLOATS, session.device().maxAllocation() / Float.BYTES / 4);
    int run = (int) (floats / vector / items) / UNROLLED * UNROLLED;
    DeviceBuffer x = buffer("the source", run);
    DeviceBuffer y = buffer("the copy", run);
    double read = memory("memory_read", "sums", x, sums, run);
    double copy = 2 * memory("memory_copy", "y", x, y, run);
    return new Roofline(gflops, read, copy, launch);
  }

  private Range range() {
    return cpu ? Range.cover(items, 1, 1, 1, 1, 1) : Range.of(items, 1, 1);
  }

  /** Allocates a buffer and touches all of it, so that its memory exists. */
  private DeviceBuffer buffer(String purpose, int run) {
    DeviceBuffer buffer = session.allocate(purpose, (long) items * run * vector);
    buffer.writeMapped(
        out -> {
          while (out.hasRemaining()) {
            out.put(1f);
          }
        });
    return buffer;
  }

  private double gflops() {
    Kernel kernel = program.kernel("multiply_add").set("sums", sums);
    kernel.set("a", 0.5f).set("b", 0.5f);
    IntConsumer launch = rounds -> kernel.set("rounds", rounds).enqueue(range());
    int rounds = 1 << 10;
    while (nanos(launch, rounds) < LEAST_NANOS && rounds < 1 << 26) {
      rounds *= 2;
    }
    double operations = 2.0 * items * vector * chains * rounds;
    return operations / best(launch, rounds);
  }

  /** Returns the bytes of one buffer for each nanosecond. */
  private double memory(String name, String result, DeviceBuffer x, DeviceBuffer to, int run) {
    Kernel kernel = program.kernel(name).set("x", x).set(result, to);
    kernel.set("run", run).set("pitch", cpu ? 1 : items);
    return x.bytes() / best(once -> kernel.enqueue(range()), 1);
  }

  private double launchMicros() {
    Kernel kernel = program.kernel("nothing").set("sums", sums);
    IntConsumer launches =
        count -> {
          for (int i = 0; i < count; i++) {
            kernel.enqueue(Range.cover(1, 1, 1, 1, 1, 1));
          }
        };
    return best(launches, LAUNCHES) / LAUNCHES / 1e3;
  }

  private double best(IntConsumer launch, int argument) {
    long best = Long.MAX_VALUE;
    nanos(launch, argument);
    for (int i = 0; i < RUNS; i++) {
      best = Math.min(best, nanos(launch, argument));
    }
    return Math.max(1, best);
  }

  private long nanos(IntConsumer launch, int argument) {
    session.finish();
    long start = System.nanoTime();
    launch.accept(argument);
    session.finish();
    return System.nanoTime() - start;
  }
}
