package org.lamina.opencl;

import static org.jocl.CL.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jocl.CLException;
import org.jocl.cl_device_id;
import org.jocl.cl_device_partition_property;

/**
 * The sub-devices into which a device is split, and their owner.
 *
 * <p>Closing it releases them; a session that is open on one keeps working until it is closed
 * itself, but no new one can be opened.
 */
public final class Partition implements AutoCloseable {

  private final Owner owner = new Owner();
  private final List<Device> devices;

  private Partition(Device parent, cl_device_id[] ids) {
    List<Owned<cl_device_id>> owned = new ArrayList<>();
    for (cl_device_id id : ids) { // all owned before the first is asked anything
      owned.add(owner.own(id, "the partition of " + parent.name(), () -> clReleaseDevice(id)));
    }
    try {
      devices = owned.stream().map(id -> Device.part(parent, id)).toList();
    } catch (CLException e) {
      owner.releaseAll();
      throw new ClException("cannot describe the sub-devices of " + parent, e);
    }
  }

  static Partition equally(Device parent, int units) {
    requireUnits(parent, units);
    cl_device_partition_property property = new cl_device_partition_property();
    property.addProperty(CL_DEVICE_PARTITION_EQUALLY, units);
    return split(parent, property, parent.computeUnits() / units);
  }

  static Partition byCounts(Device parent, int... units) {
    for (int count : units) {
      requireUnits(parent, count);
    }
    requireUnits(parent, Arrays.stream(units).sum());
    // JOCL adds pairs and a final zero: BY_COUNTS a, b c, d 0, 0. The list must end with a zero of
    // its own, and one more does no harm.
    cl_device_partition_property property = new cl_device_partition_property();
    property.addProperty(CL_DEVICE_PARTITION_BY_COUNTS, units[0]);
    for (int i = 1; i < units.length; i += 2) {
      property.addProperty(units[i], i + 1 < units.length ? units[i + 1] : 0);
    }
    property.addProperty(0L, 0L);
    return split(parent, property, units.length);
  }

  /** Returns the sub-devices, with the index and name of the device they are part of. */
  public List<Device> devices() {
    return devices;
  }

  /** Releases the sub-devices; does nothing the second time. */
  @Override
  public void close() {
    owner.releaseAll();
  }

  private static Partition split(Device parent, cl_device_partition_property property, int parts) {
    if (parent.maxSubDevices() < 2) { // asking rusticl 22.3 nevertheless calls a null pointer
      throw new ClException(parent + " cannot be split into sub-devices");
    }
    cl_device_id[] ids = new cl_device_id[parts];
    ClCalls.checked(
        "split %s into %d sub-devices".formatted(parent, parts),
        () -> clCreateSubDevices(parent.id(), property, parts, ids, null));
    return new Partition(parent, ids);
  }

  private static void requireUnits(Device parent, int units) {
    if (units < 1 || units > parent.computeUnits()) {
      throw new IllegalArgumentException(
          "cannot split %d compute units off %s, which has %d"
              .formatted(units, parent, parent.computeUnits()));
    }
  }
}
