package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lamina.layer.MatrixUnits;
import org.lamina.layer.MatrixUnits.Instruction;
import org.lamina.layer.Precision;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.Session;

/** Matrix units are offered only where their kernels build and compute rightly. */
final class MatrixProbeTest {

  private static final List<Precision> PRECISIONS = List.of(Precision.TF32, Precision.HALF);

  @Tag("drivers")
  @Test
  void aCompilerThatDoesNotKnowAnInstructionRefusesAndNothingElseHappens() {
    Device device = Device.best();
    for (Instruction instruction : Instruction.values()) {
      assumeTrue(!device.supports(instruction.extension()), "this device may have matrix units");
    }
    for (Precision precision : PRECISIONS) {
      for (Instruction instruction : of(precision)) {
        try (Session session = Session.open(device)) {
          Optional<String> complaint =
              MatrixProbe.complaint(session, precision, MatrixUnits.of(instruction));
          assertTrue(
              complaint.orElse("none").contains("this compiler does not"),
              complaint.orElse("none"));
        }
      }
      MeasurementStore store = new MeasurementStore(Optional.empty());
      assertEquals(Optional.empty(), MatrixProbe.of(device, precision, store));
      assertEquals(Optional.empty(), DeviceMeasurements.of(device, store).matrixUnits(precision));
    }
  }

  @Test
  void theSameKernelsPassWithTheInstructionEmulated() {
    try (Session session = Session.open(Device.select("cpu"))) {
      MatrixUnits nvidia = MatrixUnits.emulated(Instruction.NVIDIA_MMA);
      assertEquals(Optional.empty(), MatrixProbe.complaint(session, Precision.TF32, nvidia));
      MatrixUnits amd = MatrixUnits.emulated(Instruction.AMD_WMMA);
      assertEquals(Optional.empty(), MatrixProbe.complaint(session, Precision.HALF, amd));
    }
  }

  private static List<Instruction> of(Precision precision) {
    return Stream.of(Instruction.values()).filter(each -> each.multiplies(precision)).toList();
  }
}
