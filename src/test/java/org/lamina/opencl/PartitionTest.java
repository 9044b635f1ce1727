package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

/** Sub-devices, and the self-test of devices and of parts of them. */
final class PartitionTest {

  private final Device device = Device.best();

  @Test
  void subDevicesWorkAndAreReleasedOnce() {
    assumeTrue(device.maxSubDevices() >= 2, "this device cannot be split");
    Partition partition = device.partition(1);
    assertEquals(device.computeUnits(), partition.devices().size());
    Device part = partition.devices().get(0);
    assertEquals(1, part.computeUnits());
    assertEquals(device.name(), part.name());
    assertEquals(new SelfTest.Result(true, "passed"), SelfTest.run(part));
    try (Session session = Session.open(part)) {
      partition.close();
      partition.close();
      DeviceBuffer buffer = session.allocate(1);
      buffer.write(new float[] {1});
      assertEquals(1, buffer.read()[0], "an open session keeps its sub-device");
    }
    assertThrows(IllegalStateException.class, () -> Session.open(part));
  }

  @Test
  void partsMayHaveDifferentSizes() {
    assumeTrue(device.maxSubDevices() >= 2, "this device cannot be split");
    int rest = device.computeUnits() - 1;
    try (Partition partition = device.partitionByCounts(rest, 1)) {
      assertEquals(2, partition.devices().size());
      assertEquals(rest, partition.devices().get(0).computeUnits());
      assertEquals(1, partition.devices().get(1).computeUnits());
      assertTrue(SelfTest.run(partition.devices().get(1)).passed());
    }
    try (Partition partition = device.partitionByCounts(1)) {
      assertEquals(1, partition.devices().size());
    }
  }

  @Test
  void impossiblePartsAreRefused() {
    int units = device.computeUnits();
    assertThrows(IllegalArgumentException.class, () -> device.partition(0));
    assertThrows(IllegalArgumentException.class, () -> device.partition(units + 1));
    assertThrows(IllegalArgumentException.class, () -> device.partitionByCounts());
    assertThrows(IllegalArgumentException.class, () -> device.partitionByCounts(units, 1));
    assertThrows(IllegalArgumentException.class, () -> device.partitionByCounts(1, -1));
  }

  @Test
  void aDeviceThatCannotBeSplitSaysSo() {
    assumeTrue(device.maxSubDevices() < 2, "this device can be split");
    ClException e = assertThrows(ClException.class, () -> device.partition(1));
    assertEquals(device + " cannot be split into sub-devices", e.getMessage());
  }

  @Test
  void theSelfTestPassesOnEveryDevice() {
    for (Device each : Device.all()) {
      assertEquals(new SelfTest.Result(true, "passed"), SelfTest.run(each), each::toString);
    }
  }

  @Test
  void theSelfTestFindsWrongNumbers() {
    float[] sums = SelfTest.sums(4);
    float[] fused = {0x1p-24f, 0x1p-24f};
    assertTrue(SelfTest.compare(4, sums, fused).passed());
    fused[1] = 0;
    assertEquals(
        new SelfTest.Result(false, "fma() gives 0.0 instead of 2^-24"),
        SelfTest.compare(4, sums, fused));
    sums[3]++;
    String text = SelfTest.compare(4, sums, fused).text();
    assertTrue(text.matches("group 3 adds up to \\d+\\.0 instead of \\d+\\.0"), text);
  }
}
