package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.SessionOptions;

/** Measured, kept, read again; and the arithmetic of the roof. */
final class RooflineTest {

  private static final Device DEVICE = Device.best();

  @TempDir private Path folder;

  @Test
  void theRoofIsTheLowerOfTwo() {
    Roofline roofline = new Roofline(200, 30, 20, 5);
    assertEquals(10, roofline.ridge());
    assertEquals(5, roofline.floorNanos(1000, 1)); // 1000 operations at 200 in a nanosecond
    assertEquals(50, roofline.floorNanos(1000, 1000)); // 1000 bytes at 20
  }

  @Test
  void numbersMustBeGreaterThanZero() {
    assertThrows(IllegalArgumentException.class, () -> new Roofline(0, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Roofline(1, Double.NaN, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new Roofline(1, 1, -1, 1));
  }

  @Test
  void aMeasurementIsPlausibleAndComesBackFromTheStore() {
    Roofline measured = Roofline.measure(DEVICE, SessionOptions.defaults());
    // A multiply-add reads nothing: no device does fewer than two operations for each byte it
    // copies, and none has a launch of a second.
    assertTrue(measured.ridge() > 0.5, measured.toString());
    assertTrue(measured.launchMicros() < 1e6, measured.toString());
    MeasurementStore store = new MeasurementStore(Optional.of(folder));
    assertEquals(Optional.empty(), Roofline.stored(DEVICE, store));
    measured.store(DEVICE, store);
    assertEquals(Optional.of(measured), Roofline.stored(DEVICE, store));
  }

  @Test
  void aDamagedTextIsAsIfItWereNotThere() {
    MeasurementStore store = new MeasurementStore(Optional.of(folder));
    new Roofline(1, 2, 3, 4).store(DEVICE, store);
    String good = store.read(DEVICE, "roofline").orElseThrow();
    for (String bad :
        List.of(
            "", "gflops", good.replace("4.0", "four"), good.replace("gflops 1.0", "gflops 0"))) {
      store.write(DEVICE, "roofline", bad);
      assertEquals(Optional.empty(), Roofline.stored(DEVICE, store), bad);
    }
  }
}
