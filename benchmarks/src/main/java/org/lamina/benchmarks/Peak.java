package org.lamina.benchmarks;

import org.lamina.engine.Families;
import org.lamina.opencl.Device;
import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;
import org.lamina.opencl.Macros;
import org.lamina.opencl.Program;
import org.lamina.opencl.Range;
import org.lamina.opencl.Session;

/**
 * What the device can do, measured in turn with what is compared with it: fused multiply-adds in
 * registers, or a copy of memory. The kernels are those of {@code lamina devices --measure}.
 */
final class Peak implements AutoCloseable {

  private static final int ITEMS_PER_UNIT = 8;
  private static final int CHAINS = 12;
  private static final int WIDE_CHAINS = 24;
  private static final int ROUNDS = 100_000;
  private static final int RUN = 1 << 20;

  private final Session session;
  private final Kernel kernel;
  private final Range range;
  private final double work;

  private Peak(boolean arithmetic) {
    Device device = Device.best();
    if (!device.isCpu()) {
      throw new Case.Unavailable("the peak of a GPU is measured by lamina devices --measure");
    }
    session = Session.open(device);
    int vector = Families.of(device).vector();
    int chains = vector == 16 ? WIDE_CHAINS : CHAINS;
    int items = device.computeUnits() * ITEMS_PER_UNIT;
    range = Range.cover(items, 1, 1, 1, 1, 1);
    Program program =
        session.program(
            "roofline.cl", Macros.none().define("VECTOR", vector).define("CHAINS", chains));
    if (arithmetic) {
      DeviceBuffer sums = session.allocate((long) items * vector);
      kernel = program.kernel("multiply_add").set("sums", sums);
      kernel.set("a", 0.5f).set("b", 0.5f).set("rounds", ROUNDS);
      work = 2.0 * items * vector * chains * ROUNDS;
    } else {
      int run = RUN / vector;
      DeviceBuffer x = filled(session.allocate((long) items * RUN));
      DeviceBuffer y = filled(session.allocate((long) items * RUN));
      kernel = program.kernel("memory_copy").set("x", x).set("y", y);
      kernel.set("run", run).set("pitch", 1);
      work = 2.0 * x.bytes();
    }
  }

  private static DeviceBuffer filled(DeviceBuffer buffer) {
    buffer.writeMapped(
        out -> {
          while (out.hasRemaining()) {
            out.put(1f);
          }
        });
    return buffer;
  }

  static Peak arithmetic() {
    return new Peak(true);
  }

  static Peak memory() {
    return new Peak(false);
  }

  /** Returns the operations or bytes of a run. */
  double work() {
    return work;
  }

  void run() {
    kernel.enqueue(range);
    session.finish();
  }

  @Override
  public void close() {
    session.close();
  }
}
