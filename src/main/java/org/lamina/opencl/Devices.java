package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Finds devices and chooses among them. */
final class Devices {

  /**
   * Better devices first. Compute units of different vendors are hardly comparable, but memory on
   * the card tells a real GPU from one that shares the CPU's. Ends with the index, so that the
   * choice never depends on chance.
   */
  private static final Comparator<Device> PREFERENCE =
      Comparator.comparing(Quirks::isLastResort)
          .thenComparing(d -> d.isGpu() ? 0 : d.isAccelerator() ? 1 : d.isCpu() ? 2 : 3)
          .thenComparing(Device::sharesHostMemory)
          .thenComparing(Devices::throughput, Comparator.reverseOrder())
          .thenComparing(Device::globalMemory, Comparator.reverseOrder())
          .thenComparing(Device::index);

  private static List<Device> found = List.of();
  private static List<String> platformsWithout = List.of();

  private Devices() {}

  /** Returns the names of the platforms that have no device. */
  static synchronized List<String> platformsWithout() {
    all();
    return platformsWithout;
  }

  /** Returns all devices; looks for them once per process if there are any. */
  static synchronized List<Device> all() {
    if (found.isEmpty()) {
      found = find();
    }
    return found;
  }

  static Device best(List<Device> devices) {
    return devices.stream().min(PREFERENCE).orElseThrow();
  }

  static Device select(List<Device> devices, String selector) {
    String wanted = selector.strip().toLowerCase(Locale.ROOT);
    List<Device> fitting = devices.stream().filter(d -> fits(d, wanted)).toList();
    if (wanted.isEmpty() || fitting.isEmpty()) {
      throw new DeviceNotFoundException(
          "there is no device '%s'; choose by index, by a part of a name, or cpu or gpu:%n%s"
              .formatted(selector, list(devices)));
    }
    return best(fitting);
  }

  private static boolean fits(Device device, String wanted) {
    if (wanted.matches("\\d+")) { // also "15" for the 15th device, never as a part of a name
      return Integer.toString(device.index()).equals(wanted);
    }
    if (wanted.equals("cpu")) {
      return device.isCpu();
    }
    if (wanted.equals("gpu")) {
      return device.isGpu();
    }
    return String.join(
            "\n", device.name(), device.platform(), device.platformVersion(), device.vendor())
        .toLowerCase(Locale.ROOT)
        .contains(wanted);
  }

  private static String list(List<Device> devices) {
    return devices.stream()
        .map(d -> "  " + d.index() + "  " + d)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static double throughput(Device device) {
    return (double) device.computeUnits()
        * Math.max(1, device.nativeVectorWidth())
        * Math.max(1, device.clockMegahertz());
  }

  private static List<Device> find() {
    Jocl.load();
    List<Device> devices = new ArrayList<>();
    List<String> empty = new ArrayList<>();
    for (cl_platform_id platform : platforms()) {
      int before = devices.size();
      for (cl_device_id id : devices(platform)) {
        open(devices.size(), platform, id).ifPresent(devices::add);
      }
      if (devices.size() == before) {
        empty.add(Info.text(platform, CL_PLATFORM_NAME));
      }
    }
    if (devices.isEmpty()) {
      throw new NoPlatformException(
          (empty.isEmpty()
                  ? "there is no OpenCL platform on this system; "
                  : "there is no OpenCL device on this system (without any: "
                      + String.join(", ", empty)
                      + "); ")
              + InstallHint.forThisSystem());
    }
    platformsWithout = List.copyOf(empty);
    return List.copyOf(devices);
  }

  private static Optional<Device> open(int index, cl_platform_id platform, cl_device_id id) {
    try {
      return Optional.of(Device.root(index, platform, id));
    } catch (CLException e) {
      return Optional.empty(); // a driver that cannot describe its device cannot run it either
    }
  }

  private static List<cl_platform_id> platforms() {
    try {
      int[] count = new int[1];
      clGetPlatformIDs(0, null, count);
      cl_platform_id[] platforms = new cl_platform_id[count[0]];
      clGetPlatformIDs(platforms.length, platforms, null);
      return List.of(platforms);
    } catch (CLException e) {
      return List.of(); // the ICD loader reports "no platform" as an error, -1001
    }
  }

  private static List<cl_device_id> devices(cl_platform_id platform) {
    try {
      int[] count = new int[1];
      clGetDeviceIDs(platform, Quirks.ALL_DEVICE_TYPES, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      clGetDeviceIDs(platform, Quirks.ALL_DEVICE_TYPES, devices.length, devices, null);
      return List.of(devices);
    } catch (CLException e) {
      return List.of(); // OpenCL reports "no device" as an error
    }
  }
}
