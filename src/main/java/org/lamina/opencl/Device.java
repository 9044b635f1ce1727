package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** A device that can run kernels, and what its driver says about it. */
public final class Device {

  private final int index;
  private final cl_platform_id platformId;
  private final Owned<cl_device_id> id;
  private final String platform;
  private final String platformVersion;
  private final String name;
  private final String vendor;
  private final String driverVersion;
  private final String version;
  private final long type;
  private final int computeUnits;
  private final long globalMemory;
  private final long maxAllocation;
  private final long localMemory;
  private final long maxWorkGroup;
  private final int nativeVectorWidth;
  private final int clockMegahertz;
  private final boolean sharesHostMemory;
  private final int maxSubDevices;
  private final Set<String> extensions;

  private Device(int index, cl_platform_id platformId, Owned<cl_device_id> owned) {
    this.index = index;
    this.platformId = platformId;
    this.id = owned;
    cl_device_id id = owned.get();
    platform = Info.text(platformId, CL_PLATFORM_NAME);
    platformVersion = Info.text(platformId, CL_PLATFORM_VERSION);
    name = Info.text(id, CL_DEVICE_NAME);
    vendor = Info.text(id, CL_DEVICE_VENDOR);
    driverVersion = Info.text(id, CL_DRIVER_VERSION);
    version = Info.text(id, CL_DEVICE_VERSION);
    type = Info.number(id, CL_DEVICE_TYPE);
    computeUnits = (int) Info.number(id, CL_DEVICE_MAX_COMPUTE_UNITS);
    globalMemory = Info.number(id, CL_DEVICE_GLOBAL_MEM_SIZE);
    maxAllocation = Info.number(id, CL_DEVICE_MAX_MEM_ALLOC_SIZE);
    localMemory = Info.number(id, CL_DEVICE_LOCAL_MEM_SIZE);
    maxWorkGroup = Info.number(id, CL_DEVICE_MAX_WORK_GROUP_SIZE);
    nativeVectorWidth = (int) Info.number(id, CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT);
    clockMegahertz = (int) Info.number(id, CL_DEVICE_MAX_CLOCK_FREQUENCY);
    sharesHostMemory = sharesHostMemory(id);
    maxSubDevices = (int) Info.number(id, CL_DEVICE_PARTITION_MAX_SUB_DEVICES);
    extensions =
        Arrays.stream(Info.text(id, CL_DEVICE_EXTENSIONS).split("\\s+"))
            .collect(Collectors.toUnmodifiableSet());
  }

  static Device root(int index, cl_platform_id platform, cl_device_id id) {
    return new Device(index, platform, new Owned<>(id, "the device", () -> {}));
  }

  static Device part(Device parent, Owned<cl_device_id> id) {
    return new Device(parent.index, parent.platformId, id);
  }

  /**
   * Returns every device of every platform; the position in the list is its {@link #index}. A
   * platform without devices is passed over.
   *
   * @throws NoPlatformException if there is no device at all
   */
  public static List<Device> all() {
    return Devices.all();
  }

  /**
   * Returns the device to use if nobody says which: a GPU before an accelerator before a CPU, one
   * with memory of its own before one that shares the host's, then the one with more compute units
   * x vector width x clock, then more memory, then the lower index. Simulators and abandoned
   * drivers come last.
   *
   * @throws NoPlatformException if there is no device at all
   */
  public static Device best() {
    return Devices.best(all());
  }

  /**
   * Returns the device that a user names: an index, {@code cpu} or {@code gpu} (the best of that
   * kind), or a part of the name of the device, its platform or its vendor (the best that has it),
   * without regard to case.
   *
   * @throws DeviceNotFoundException if there is none; the message lists those that there are
   * @throws NoPlatformException if there is no device at all
   */
  public static Device select(String selector) {
    return Devices.select(all(), selector);
  }

  /** Returns the position in {@link #all}; a sub-device has that of its parent. */
  public int index() {
    return index;
  }

  /** Returns the name, for example {@code NVIDIA GeForce RTX 4090}. */
  public String name() {
    return name;
  }

  /** Returns the name of the platform, for example {@code Portable Computing Language}. */
  public String platform() {
    return platform;
  }

  /** Returns the version of the platform, for example {@code OpenCL 3.0 PoCL 3.1}. */
  public String platformVersion() {
    return platformVersion;
  }

  /** Returns the vendor of the device. */
  public String vendor() {
    return vendor;
  }

  /** Returns the version of the driver, in the driver's own form. */
  public String driverVersion() {
    return driverVersion;
  }

  /** Returns the version of OpenCL, for example {@code OpenCL 3.0 …}. */
  public String version() {
    return version;
  }

  /** Returns whether the device is a CPU. */
  public boolean isCpu() {
    return (type & CL_DEVICE_TYPE_CPU) != 0;
  }

  /** Returns whether the device is a GPU. */
  public boolean isGpu() {
    return (type & CL_DEVICE_TYPE_GPU) != 0;
  }

  /** Returns whether the device is an accelerator that is no GPU. */
  public boolean isAccelerator() {
    return (type & CL_DEVICE_TYPE_ACCELERATOR) != 0;
  }

  /** Returns {@code gpu}, {@code accelerator}, {@code cpu} or {@code custom}. */
  public String kind() {
    return isGpu() ? "gpu" : isAccelerator() ? "accelerator" : isCpu() ? "cpu" : "custom";
  }

  /** Returns how many work-groups can run at once: cores of a CPU, multiprocessors of a GPU. */
  public int computeUnits() {
    return computeUnits;
  }

  /** Returns the bytes of device memory. */
  public long globalMemory() {
    return globalMemory;
  }

  /** Returns the bytes that one buffer may have. */
  public long maxAllocation() {
    return maxAllocation;
  }

  /** Returns the bytes of local memory that a work-group may use. */
  public long localMemory() {
    return localMemory;
  }

  /** Returns how many work-items a work-group may have; a kernel may allow fewer. */
  public long maxWorkGroup() {
    return maxWorkGroup;
  }

  /** Returns the floats in a vector register: 4, 8 or 16 on CPUs, mostly 1 on GPUs. */
  public int nativeVectorWidth() {
    return nativeVectorWidth;
  }

  /** Returns the highest clock in MHz, 0 if unknown. */
  public int clockMegahertz() {
    return clockMegahertz;
  }

  /** Returns whether the device works in the host's memory, as CPUs and integrated GPUs do. */
  public boolean sharesHostMemory() {
    return sharesHostMemory;
  }

  /** Returns whether the device has an extension, for example {@code cl_khr_fp16}. */
  public boolean supports(String extension) {
    return extensions.contains(extension);
  }

  /** Returns name, platform and kind for people: {@code llvmpipe (rusticl, cpu)}. */
  @Override
  public String toString() {
    return "%s (%s, %s)".formatted(name, platform, kind());
  }

  /**
   * Splits the device into sub-devices of {@code units} compute units each; what does not fill one
   * is left over.
   *
   * @throws IllegalArgumentException if {@code units} is not 1 to {@link #computeUnits}
   * @throws ClException if the driver cannot split this device
   */
  public Partition partition(int units) {
    return Partition.equally(this, units);
  }

  /**
   * Splits the device into sub-devices of the given numbers of compute units.
   *
   * @throws IllegalArgumentException if there is no number, one is less than 1, or they are more
   *     than {@link #computeUnits} together
   * @throws ClException if the driver cannot split this device
   */
  public Partition partitionByCounts(int... units) {
    return Partition.byCounts(this, units);
  }

  /** Returns into how many sub-devices the driver can split this device; 0 or 1: it cannot. */
  public int maxSubDevices() {
    return maxSubDevices;
  }

  /**
   * @throws IllegalStateException if this is a sub-device of a closed partition
   */
  cl_device_id id() {
    return id.get();
  }

  cl_platform_id platformId() {
    return platformId;
  }

  @SuppressWarnings("deprecation") // since OpenCL 2.0, without a successor
  private static boolean sharesHostMemory(cl_device_id id) {
    try {
      return Info.number(id, CL_DEVICE_HOST_UNIFIED_MEMORY) != 0;
    } catch (CLException e) {
      return false; // not every driver knows it
    }
  }
}
