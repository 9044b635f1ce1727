package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.List;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/** A device that can run kernels, and what its driver says about it. */
public final class Device {

  private final int index;
  private final cl_platform_id platformId;
  private final Owned<cl_device_id> id;
  private final DeviceFacts facts;

  Device(int index, cl_platform_id platformId, Owned<cl_device_id> id, DeviceFacts facts) {
    this.index = index;
    this.platformId = platformId;
    this.id = id;
    this.facts = facts;
  }

  static Device root(int index, cl_platform_id platform, cl_device_id id) {
    Owned<cl_device_id> unowned = new Owned<>(id, "the device", () -> {});
    return new Device(index, platform, unowned, DeviceFacts.of(platform, id));
  }

  static Device part(Device parent, Owned<cl_device_id> id) {
    return new Device(
        parent.index, parent.platformId, id, DeviceFacts.of(parent.platformId, id.get()));
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
   * Returns the names of the platforms that have no device, such as the driver of a GPU that is not
   * there.
   *
   * @throws NoPlatformException if there is no device at all
   */
  public static List<String> platformsWithoutDevice() {
    return Devices.platformsWithout();
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
    return facts.name();
  }

  /** Returns the name of the platform, for example {@code Portable Computing Language}. */
  public String platform() {
    return facts.platform();
  }

  /** Returns the version of the platform, for example {@code OpenCL 3.0 PoCL 3.1}. */
  public String platformVersion() {
    return facts.platformVersion();
  }

  /** Returns the vendor of the device. */
  public String vendor() {
    return facts.vendor();
  }

  /** Returns the version of the driver, in the driver's own form. */
  public String driverVersion() {
    return facts.driverVersion();
  }

  /** Returns the version of OpenCL, for example {@code OpenCL 3.0 …}. */
  public String version() {
    return facts.version();
  }

  /** Returns whether the device is a CPU. */
  public boolean isCpu() {
    return (facts.type() & CL_DEVICE_TYPE_CPU) != 0;
  }

  /** Returns whether the device is a GPU. */
  public boolean isGpu() {
    return (facts.type() & CL_DEVICE_TYPE_GPU) != 0;
  }

  /** Returns whether the device is an accelerator that is no GPU. */
  public boolean isAccelerator() {
    return (facts.type() & CL_DEVICE_TYPE_ACCELERATOR) != 0;
  }

  /** Returns {@code gpu}, {@code accelerator}, {@code cpu} or {@code custom}. */
  public String kind() {
    return isGpu() ? "gpu" : isAccelerator() ? "accelerator" : isCpu() ? "cpu" : "custom";
  }

  /** Returns how many work-groups can run at once: cores of a CPU, multiprocessors of a GPU. */
  public int computeUnits() {
    return facts.computeUnits();
  }

  /** Returns the bytes of device memory. */
  public long globalMemory() {
    return facts.globalMemory();
  }

  /** Returns the bytes that one buffer may have. */
  public long maxAllocation() {
    return facts.maxAllocation();
  }

  /** Returns the bytes of local memory that a work-group may use. */
  public long localMemory() {
    return facts.localMemory();
  }

  /** Returns how many work-items a work-group may have; a kernel may allow fewer. */
  public long maxWorkGroup() {
    return facts.maxWorkGroup();
  }

  /** Returns the floats in a vector register: 4, 8 or 16 on CPUs, mostly 1 on GPUs. */
  public int nativeVectorWidth() {
    return facts.nativeVectorWidth();
  }

  /**
   * Returns how many rounds all loops of a work-item together may have before the driver cuts them
   * short; {@link Long#MAX_VALUE} on all but broken drivers.
   */
  public long loopRounds() {
    return Quirks.loopRounds(this);
  }

  /**
   * Returns whether the driver is known to compute an algorithm wrongly, or not to build it in any
   * reasonable time.
   *
   * @param algorithm the name of an algorithm of some layer: {@code winograd_6x6}
   */
  public boolean miscomputes(String algorithm) {
    return Quirks.miscomputes(name(), algorithm);
  }

  /** Returns the highest clock in MHz, 0 if unknown. */
  public int clockMegahertz() {
    return facts.clockMegahertz();
  }

  /** Returns whether the device works in the host's memory, as CPUs and integrated GPUs do. */
  public boolean sharesHostMemory() {
    return facts.sharesHostMemory();
  }

  /** Returns whether the device has an extension, for example {@code cl_khr_fp16}. */
  public boolean supports(String extension) {
    return facts.extensions().contains(extension);
  }

  /** Returns name, platform and kind for people: {@code llvmpipe (rusticl, cpu)}. */
  @Override
  public String toString() {
    return "%s (%s, %s)".formatted(name(), platform(), kind());
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
    return facts.maxSubDevices();
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
}
