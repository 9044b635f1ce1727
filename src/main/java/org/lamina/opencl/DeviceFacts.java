package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.List;
import java.util.Set;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** What a driver says about a device, under the names of {@link Device}. */
record DeviceFacts(
    String platform,
    String platformVersion,
    String name,
    String vendor,
    String driverVersion,
    String version,
    long type,
    int computeUnits,
    long globalMemory,
    long maxAllocation,
    long localMemory,
    long maxWorkGroup,
    int nativeVectorWidth,
    int clockMegahertz,
    boolean sharesHostMemory,
    int maxSubDevices,
    Set<String> extensions) {

  /** Copies the set. */
  DeviceFacts {
    extensions = Set.copyOf(extensions);
  }

  static DeviceFacts of(cl_platform_id platform, cl_device_id id) {
    return new DeviceFacts(
        Info.text(platform, CL_PLATFORM_NAME),
        Info.text(platform, CL_PLATFORM_VERSION),
        Info.text(id, CL_DEVICE_NAME),
        Info.text(id, CL_DEVICE_VENDOR),
        Info.text(id, CL_DRIVER_VERSION),
        Info.text(id, CL_DEVICE_VERSION),
        Info.number(id, CL_DEVICE_TYPE),
        (int) Info.number(id, CL_DEVICE_MAX_COMPUTE_UNITS),
        Info.number(id, CL_DEVICE_GLOBAL_MEM_SIZE),
        Info.number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE),
        Info.number(id, CL_DEVICE_LOCAL_MEM_SIZE),
        Info.number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE),
        (int) Info.number(id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT),
        (int) Info.number(id, CL_DEVICE_MAX_CLOCK_FREQUENCY),
        sharesHostMemory(id),
        maxSubDevices(id),
        words(Info.text(id, CL_DEVICE_EXTENSIONS)));
  }

  /** A driver may repeat an extension, which {@code Set.of} refuses. */
  static Set<String> words(String text) {
    return Set.copyOf(List.of(text.split("\\s+")));
  }

  @SuppressWarnings("deprecation") // since OpenCL 2.0, without a successor
  private static boolean sharesHostMemory(cl_device_id id) {
    try {
      return Info.number(id, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
    } catch (CLException e) {
      return false; // not every driver knows it
    }
  }

  private static int maxSubDevices(cl_device_id id) {
    try {
      return (int) Info.number(id, CL_DEVICE_PARTITION_MAX_SUB_DEVICES);
    } catch (CLException e) {
      return 0; // OpenCL 1.1
    }
  }
}
