package org.lamina.opencl;

import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_TYPE_GPU;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;
import org.junit.jupiter.api.Test;

/** Which device is chosen, from devices that exist and from a made-up collection. */
final class DevicesTest {

  private static final Device POCL =
      device(0, "Portable Computing Language", "cpu-zen", CL_DEVICE_TYPE_CPU, 4, 8, 3000, true);
  private static final Device INTEGRATED =
      device(1, "Intel(R) OpenCL Graphics", "UHD 770", CL_DEVICE_TYPE_GPU, 96, 1, 1500, true);
  private static final Device SMALL =
      device(2, "NVIDIA CUDA", "GeForce GT 1030", CL_DEVICE_TYPE_GPU, 3, 1, 1500, false);
  private static final Device LARGE =
      device(3, "NVIDIA CUDA", "GeForce RTX 4090", CL_DEVICE_TYPE_GPU, 128, 1, 2500, false);
  private static final Device TWIN =
      device(4, "NVIDIA CUDA", "GeForce RTX 4090", CL_DEVICE_TYPE_GPU, 128, 1, 2500, false);
  private static final Device LLVMPIPE =
      device(5, "rusticl", "llvmpipe (LLVM 15)", CL_DEVICE_TYPE_CPU, 64, 8, 9000, true);
  private static final Device CLOVER =
      device(6, "Clover", "AMD Radeon", CL_DEVICE_TYPE_GPU, 64, 1, 2000, false);
  private static final Device OCLGRIND =
      device(7, "Oclgrind", "Oclgrind Simulator", CL_DEVICE_TYPE_GPU, 1, 1, 1, false);

  private static final List<Device> MANY =
      List.of(POCL, INTEGRATED, SMALL, LARGE, TWIN, LLVMPIPE, CLOVER, OCLGRIND);

  @Test
  void theBestIsTheLargestGpuWithMemoryOfItsOwn() {
    assertSame(LARGE, Devices.best(MANY));
    assertSame(LARGE, Devices.best(List.of(TWIN, LARGE)), "equal ones: the lower index");
    assertSame(SMALL, Devices.best(List.of(POCL, INTEGRATED, SMALL)));
    assertSame(INTEGRATED, Devices.best(List.of(POCL, INTEGRATED)));
  }

  @Test
  void simulatorsAndAbandonedDriversComeLast() {
    assertSame(POCL, Devices.best(List.of(CLOVER, LLVMPIPE, OCLGRIND, POCL)));
    assertSame(LLVMPIPE, Devices.best(List.of(LLVMPIPE)));
  }

  @Test
  void selectorsAreAnIndexAKindOrAPartOfAName() {
    assertSame(POCL, Devices.select(MANY, "0"));
    assertSame(TWIN, Devices.select(MANY, " 4 "));
    assertSame(POCL, Devices.select(MANY, "cpu"));
    assertSame(LARGE, Devices.select(MANY, "GPU"));
    assertSame(LARGE, Devices.select(MANY, "nvidia"));
    assertSame(SMALL, Devices.select(MANY, "gt 1030"));
    assertSame(LLVMPIPE, Devices.select(MANY, "rusticl"));
    assertSame(OCLGRIND, Devices.select(MANY, "oclgrind"));
  }

  @Test
  void aNumberIsAnIndexAndNeverAPartOfAName() {
    DeviceNotFoundException e =
        assertThrows(DeviceNotFoundException.class, () -> Devices.select(MANY, "4090"));
    assertTrue(e.getMessage().startsWith("there is no device '4090'; choose by index"));
    assertTrue(e.getMessage().contains("  3  GeForce RTX 4090 (NVIDIA CUDA, gpu)"));
    assertTrue(e.getMessage().contains("  0  cpu-zen (Portable Computing Language, cpu)"));
  }

  @Test
  void anUnknownDeviceIsAnErrorThatListsThoseThatThereAre() {
    assertThrows(DeviceNotFoundException.class, () -> Devices.select(MANY, "radeon rx"));
    assertThrows(DeviceNotFoundException.class, () -> Devices.select(MANY, ""));
    assertThrows(DeviceNotFoundException.class, () -> Devices.select(List.of(POCL), "gpu"));
    assertThrows(DeviceNotFoundException.class, () -> Device.select("no device is called so"));
  }

  @Test
  void thePresentDevicesDescribeThemselves() {
    List<Device> devices = Device.all();
    for (int i = 0; i < devices.size(); i++) {
      Device device = devices.get(i);
      assertEquals(i, device.index());
      assertSame(device, Device.select(Integer.toString(i)));
      assertTrue(device.computeUnits() >= 1);
      assertTrue(device.maxWorkGroup() >= 1);
      assertTrue(device.maxAllocation() <= device.globalMemory());
      assertTrue(device.version().startsWith("OpenCL "), device.version());
      assertTrue(device.isCpu() || device.isGpu() || device.isAccelerator());
      assertTrue(device.toString().contains(device.name()));
    }
    assertTrue(devices.contains(Device.best()));
  }

  @Test
  void extensionsThatADriverRepeatsDoNoHarm() {
    assertEquals(Set.of("cl_khr_fp16", "cl_b"), DeviceFacts.words("cl_khr_fp16  cl_b cl_khr_fp16"));
  }

  private static Device device(
      int index,
      String platform,
      String name,
      long type,
      int units,
      int vector,
      int megahertz,
      boolean shared) {
    DeviceFacts facts =
        new DeviceFacts(
            platform,
            "OpenCL 3.0",
            name,
            "vendor",
            "1",
            "OpenCL 3.0",
            type,
            units,
            8L << 30,
            1L << 30,
            1 << 16,
            1024,
            vector,
            megahertz,
            shared,
            0,
            Set.of());
    Owned<cl_device_id> id = new Owned<>(new cl_device_id(), "the device", () -> {});
    return new Device(index, new cl_platform_id(), id, facts);
  }
}
