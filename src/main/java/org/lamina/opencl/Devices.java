package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** Finds devices and chooses among them. */
final class Devices {

  private static List<Device> found = List.of();

  private Devices() {}

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
    if (wanted.matches("\\d+")) {
      return byIndex(devices, wanted);
    }
    List<Device> fitting = devices.stream().filter(d -> fits(d, wanted)).toList();
    if (wanted.isEmpty() || fitting.isEmpty()) {
      throw new DeviceNotFoundException(
          "no device is called '%s'; there are%n%s".formatted(selector, list(devices)));
    }
    return best(fitting);
  }

  /** Smaller is better; ends with the index, so that the choice never depends on chance. */
  private static final Comparator<Device> PREFERENCE =
      Comparator.comparing((Device d) -> d.isGpu() ? 0 : d.isAccelerator() ? 1 : 2)
          .thenComparing(Device::computeUnits, Comparator.reverseOrder())
          .thenComparing(Device::globalMemory, Comparator.reverseOrder())
          .thenComparing(Device::index);

  private static Device byIndex(List<Device> devices, String digits) {
    Optional<Device> device =
        devices.stream().filter(d -> Integer.toString(d.index()).equals(digits)).findFirst();
    return device.orElseThrow(
        () ->
            new DeviceNotFoundException(
                "there is no device %s; there are%n%s".formatted(digits, list(devices))));
  }

  private static boolean fits(Device device, String wanted) {
    if (wanted.equals("cpu")) {
      return device.isCpu();
    }
    if (wanted.equals("gpu")) {
      return device.isGpu();
    }
    return (device.name() + "\n" + device.platform() + "\n" + device.vendor())
        .toLowerCase(Locale.ROOT)
        .contains(wanted);
  }

  private static String list(List<Device> devices) {
    return devices.stream()
        .map(d -> "  " + d.index() + "  " + d)
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static List<Device> find() {
    CL.setExceptionsEnabled(true);
    List<Device> devices = new ArrayList<>();
    for (cl_platform_id platform : platforms()) {
      for (cl_device_id id : devices(platform)) {
        devices.add(new Device(devices.size(), platform, id));
      }
    }
    if (devices.isEmpty()) {
      throw new NoPlatformException("there is no OpenCL device; install a GPU driver or PoCL");
    }
    return List.copyOf(devices);
  }

  private static List<cl_platform_id> platforms() {
    try {
      int[] count = new int[1];
      clGetPlatformIDs(0, null, count);
      cl_platform_id[] platforms = new cl_platform_id[count[0]];
      clGetPlatformIDs(platforms.length, platforms, null);
      return List.of(platforms);
    } catch (CLException e) {
      return List.of(); // the ICD loader reports "no platform" as an error
    }
  }

  private static List<cl_device_id> devices(cl_platform_id platform) {
    try {
      int[] count = new int[1];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
      cl_device_id[] devices = new cl_device_id[count[0]];
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
      return List.of(devices);
    } catch (CLException e) {
      return List.of(); // OpenCL reports "no device" as an error
    }
  }
}
