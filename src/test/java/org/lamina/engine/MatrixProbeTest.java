package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lamina.layer.MatrixUnits;
import org.lamina.layer.Precision;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.Session;

/** Matrix units are offered only where their kernels build and compute rightly. */
final class MatrixProbeTest {

  private static final List<Precision> PRECISIONS = List.of(Precision.TF32, Precision.HALF);

  @Tag("drivers")
  @Test
  void aCompilerThatDoesNotMakePtxRefusesAndNothingElseHappens() {
    Device device = Device.best();
    assumeTrue(!device.vendor().contains("NVIDIA"), "this device may have matrix units");
    for (Precision precision : PRECISIONS) {
      try (Session session = Session.open(device)) {
        Optional<String> complaint =
            MatrixProbe.complaint(session, precision, MatrixUnits.INSTRUCTION);
        assertTrue(
            complaint.orElse("none").contains("does not make PTX"), complaint.orElse("none"));
      }
      MeasurementStore store = new MeasurementStore(Optional.empty());
      assertEquals(MatrixUnits.NONE, MatrixProbe.of(device, precision, store));
      assertEquals(MatrixUnits.NONE, DeviceMeasurements.of(device, store).matrixUnits(precision));
    }
  }

  @Test
  void theSameKernelsPassWithTheInstructionEmulated() {
    try (Session session = Session.open(Device.select("cpu"))) {
      for (Precision precision : PRECISIONS) {
        assertEquals(
            Optional.empty(), MatrixProbe.complaint(session, precision, MatrixUnits.EMULATED));
      }
    }
  }
}
