package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Runs a kernel that reads out of bounds. Oclgrind has to report it: {@code ./verify} runs this
 * test there, fails if nothing is reported, and leaves it out everywhere else.
 */
@Tag("planted")
final class PlantedReadTest {

  @Test
  void readsBeyondTheEnd() {
    try (Session session = Session.open(Device.best())) {
      DeviceBuffer x = session.allocate(4);
      DeviceBuffer y = session.allocate(4);
      x.write(new float[] {1, 2, 3, 4});
      Kernel kernel = session.program("planted_read.cl", Macros.none()).kernel("planted_read");
      kernel.set("x", x).set("y", y).enqueue(Range.of(4, 1, 1));
      float[] inside = Arrays.copyOf(y.read(), 3);
      assertEquals("[2.0, 3.0, 4.0]", Arrays.toString(inside));
    }
  }
}
