package org.lamina.engine;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.layer.Layer;
import org.lamina.layer.MatrixUnits;
import org.lamina.layer.Measurements;
import org.lamina.layer.Precision;
import org.lamina.layer.Site;
import org.lamina.opencl.CacheFolders;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;

/**
 * All that is known about algorithms on a device: what its user measured, else what comes with
 * Lamina, and what its driver is known to compute wrongly.
 */
public final class DeviceMeasurements implements Measurements {

  private final Device device;
  private final MeasurementStore store;
  private final List<Measurements> known;
  private final Map<Precision, Optional<MatrixUnits>> matrixUnits = new EnumMap<>(Precision.class);

  private DeviceMeasurements(Device device, MeasurementStore store, List<Measurements> known) {
    this.device = device;
    this.store = store;
    this.known = List.copyOf(known);
  }

  /** Returns what is known about a device, with what is in the user's cache folder. */
  public static Measurements of(Device device) {
    return of(device, new MeasurementStore(CacheFolders.measurements()));
  }

  /** Returns what is known about a device. */
  public static Measurements of(Device device, MeasurementStore store) {
    return new DeviceMeasurements(
        device, store, List.of(Tuning.stored(device, store), Tuning.shipped(device)));
  }

  /** Returns what is known about a device without its user's measurements. */
  public static Measurements shipped(Device device) {
    MeasurementStore nothing = new MeasurementStore(Optional.empty());
    return new DeviceMeasurements(device, nothing, List.of(Tuning.shipped(device)));
  }

  @Override
  public Optional<String> fastest(Layer layer, Site site) {
    return known.stream()
        .map(each -> each.fastest(layer, site))
        .flatMap(Optional::stream)
        .filter(name -> !refuses(layer, site, name))
        .findFirst();
  }

  @Override
  public int computeUnits() {
    return device.computeUnits();
  }

  /** Tries them out the first time that it is asked, on the device itself. */
  @Override
  public synchronized Optional<MatrixUnits> matrixUnits(Precision precision) {
    return matrixUnits.computeIfAbsent(precision, each -> MatrixProbe.of(device, each, store));
  }

  @Override
  public boolean refuses(Layer layer, Site site, String algorithm) {
    return device.miscomputes(algorithm)
        || known.stream().anyMatch(each -> each.refuses(layer, site, algorithm));
  }
}
