package org.lamina.engine;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.lamina.opencl.Device;
import org.lamina.opencl.MeasurementStore;
import org.lamina.opencl.SessionOptions;

/**
 * What a device was measured to be able to do, with kernels that do nothing else: the roof under
 * which every layer stands.
 *
 * <pre>
 *   attainable GFLOP/s = min( gflops, intensity * bandwidth )     intensity: operations per byte
 * </pre>
 *
 * <p>Source: Williams, Waterman and Patterson (2009), "Roofline: an insightful visual performance
 * model for multicore architectures".
 *
 * @param gflops billions of operations in a second, a fused multiply-add counting as two
 * @param readBandwidth billions of bytes read in a second
 * @param copyBandwidth billions of bytes in a second, those read and those written, in a copy
 * @param launchMicros microseconds for each launch in a row of launches that do nothing
 */
public record Roofline(
    double gflops, double readBandwidth, double copyBandwidth, double launchMicros) {

  private static final String NAME = "roofline";

  /**
   * @throws IllegalArgumentException if a number is not greater than 0
   */
  public Roofline {
    if (!(gflops > 0 && readBandwidth > 0 && copyBandwidth > 0 && launchMicros > 0)) {
      throw new IllegalArgumentException(
          "a roofline has numbers greater than 0, but these are %s, %s, %s and %s"
              .formatted(gflops, readBandwidth, copyBandwidth, launchMicros));
    }
  }

  /**
   * Measures a device, which takes about two seconds, and builds the kernels if they are not in the
   * cache. Nothing else should run on it meanwhile.
   *
   * @throws org.lamina.opencl.ClException if the device fails
   */
  public static Roofline measure(Device device, SessionOptions options) {
    return RooflineMeasurement.of(device, options);
  }

  /** Returns what is stored about a device, if there is something and it can be read. */
  public static Optional<Roofline> stored(Device device, MeasurementStore store) {
    return store.read(device, NAME).flatMap(Roofline::parse);
  }

  /** Stores this for a device. */
  public void store(Device device, MeasurementStore store) {
    store.write(device, NAME, text());
  }

  /** Returns the bandwidth that bounds a layer: a copy's, the more usual of the two. */
  public double bandwidth() {
    return copyBandwidth;
  }

  /**
   * Returns the nanoseconds that the device needs at least for some work.
   *
   * @param operations arithmetic operations, a multiply-add counting as two
   * @param bytes bytes that have to be moved
   */
  public double floorNanos(double operations, double bytes) {
    return Math.max(operations / gflops, bytes / bandwidth());
  }

  /**
   * Returns the arithmetic intensity, in operations per byte, from which arithmetic is the limit.
   */
  public double ridge() {
    return gflops / bandwidth();
  }

  private String text() {
    return String.format(
        Locale.ROOT,
        "gflops %s%nread_gbytes_per_second %s%ncopy_gbytes_per_second %s%nlaunch_microseconds %s%n",
        gflops,
        readBandwidth,
        copyBandwidth,
        launchMicros);
  }

  private static Optional<Roofline> parse(String text) {
    Map<String, String> values = new HashMap<>();
    text.lines()
        .map(line -> line.split(" ", 2))
        .filter(words -> words.length == 2)
        .forEach(words -> values.put(words[0], words[1]));
    try {
      return Optional.of(
          new Roofline(
              Double.parseDouble(values.getOrDefault("gflops", "")),
              Double.parseDouble(values.getOrDefault("read_gbytes_per_second", "")),
              Double.parseDouble(values.getOrDefault("copy_gbytes_per_second", "")),
              Double.parseDouble(values.getOrDefault("launch_microseconds", ""))));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // damaged, or of another version: measured again
    }
  }
}
