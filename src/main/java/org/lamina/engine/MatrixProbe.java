package org.lamina.engine;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.lamina.layer.AlgorithmKey;
import org.lamina.layer.Choices;
import org.lamina.layer.Convolution;
import org.lamina.layer.Family;
import org.lamina.layer.Layer;
import org.lamina.layer.MatrixUnits;
import org.lamina.layer.MatrixUnits.Instruction;
import org.lamina.layer.Measurements;
import org.lamina.layer.Precision;
import org.lamina.layer.Signature;
import org.lamina.layer.Site;
import org.lamina.opencl.ClException;
import org.lamina.opencl.Device;
import org.lamina.opencl.KernelVersion;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/**
 * Finds out whether the kernels for matrix units build on a device and compute rightly there, by a
 * small convolution that ends within tiles, against exact values. What was found out is kept.
 */
final class MatrixProbe {

  private static final Convolution LAYER = Convolution.of(70, 3).pad(1);
  private static final Chw IMAGE = new Chw(37, 9, 11);
  private static final int BATCH = 2;
  private static final String RIGHT = "right";

  private MatrixProbe() {}

  /**
   * Returns what is known of a device, or finds it out: the first instruction that builds and
   * computes rightly, of those whose drivers have an extension that this one has.
   *
   * @param precision {@link Precision#TF32} or {@link Precision#HALF}
   */
  static Optional<MatrixUnits> of(Device device, Precision precision, MeasurementStore store) {
    if (device.isCpu()) {
      return Optional.empty();
    }
    for (Instruction instruction : Instruction.values()) {
      if (instruction.multiplies(precision)
          && device.supports(instruction.extension())
          && isRight(device, precision, instruction, store)) {
        return Optional.of(MatrixUnits.of(instruction));
      }
    }
    return Optional.empty();
  }

  private static boolean isRight(
      Device device, Precision precision, Instruction instruction, MeasurementStore store) {
    String name =
        "matrix-%s-%s".formatted(precision.key(), instruction.name().toLowerCase(Locale.ROOT));
    String version = KernelVersion.of(AlgorithmKey.files(Family.GPU)) + " ";
    Optional<String> known = store.read(device, name).filter(text -> text.startsWith(version));
    String found =
        known.orElseGet(
            () -> {
              String text = version + complaint(device, precision, instruction).orElse(RIGHT);
              store.write(device, name, text);
              return text;
            });
    return found.equals(version + RIGHT);
  }

  private static Optional<String> complaint(
      Device device, Precision precision, Instruction instruction) {
    try (Session session = Session.open(device)) {
      return complaint(session, precision, MatrixUnits.of(instruction));
    } catch (ClException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Returns what is wrong with the kernels on a device; empty if they are right. */
  static Optional<String> complaint(Session session, Precision precision, MatrixUnits units) {
    Signature signature = LAYER.infer(List.of(IMAGE));
    Choices choices =
        Choices.defaults()
            .precision(precision)
            .measurements(new Claimed(units))
            .algorithm("matrix_" + precision.key());
    Site site = new Site(Family.GPU, signature, BATCH, Optional.empty(), choices);
    try (LayerTuner tuner = new LayerTuner(session, LAYER, signature)) {
      tuner.add("matrix_" + precision.key(), site, () -> LAYER.compile(site));
      return tuner.complaints().stream().findFirst();
    }
  }

  /** Claims that a device has matrix units. */
  private record Claimed(MatrixUnits units) implements Measurements {
    @Override
    public Optional<String> fastest(Layer layer, Site site) {
      return Optional.empty();
    }

    @Override
    public boolean refuses(Layer layer, Site site, String algorithm) {
      return false;
    }

    @Override
    public Optional<MatrixUnits> matrixUnits(Precision precision) {
      return Optional.of(units);
    }
  }
}
