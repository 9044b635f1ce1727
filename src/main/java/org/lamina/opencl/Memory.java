package org.lamina.opencl;

import static org.jocl.CL.*;

import java.nio.FloatBuffer;
import java.util.Locale;
import java.util.Set;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_mem;

/** Allocates device memory, and explains why it cannot. */
final class Memory {

  private static final Set<Integer> NO_MEMORY =
      Set.of(
          CL_MEM_OBJECT_ALLOCATION_FAILURE,
          CL_OUT_OF_RESOURCES,
          CL_OUT_OF_HOST_MEMORY,
          CL_INVALID_BUFFER_SIZE);

  private Memory() {}

  static cl_mem allocate(Session session, String purpose, long bytes) {
    Device device = session.device();
    long left = device.globalMemory() - session.bytesAllocated();
    long have = Math.min(left, device.maxAllocation());
    // Asked first, because some drivers promise any amount and fail when it is used.
    if (bytes > device.maxAllocation()) {
      throw refusal(
          device, purpose, bytes, have, "one buffer may have %,d", device.maxAllocation());
    }
    if (bytes > left) {
      throw refusal(
          device, purpose, bytes, have, "%,d are left of %,d", left, device.globalMemory());
    }
    try {
      return clCreateBuffer(session.context(), CL_MEM_READ_WRITE, bytes, null, null);
    } catch (CLException e) {
      if (NO_MEMORY.contains(e.getStatus())) {
        throw refusal(device, purpose, bytes, have, "%s", ClCalls.describe(e));
      }
      throw new ClException(text(device, purpose, bytes) + ClCalls.describe(e), e);
    }
  }

  /** Returns memory of the host as a buffer; what it holds is kept. */
  static cl_mem share(Session session, FloatBuffer memory) {
    long bytes = (long) memory.remaining() * Sizeof.cl_float;
    return ClCalls.checked(
        () -> "share %d bytes with %s".formatted(bytes, session.device()),
        () ->
            clCreateBuffer(
                session.context(),
                CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR,
                bytes,
                Pointer.toBuffer(memory),
                null));
  }

  private static OutOfDeviceMemoryException refusal(
      Device device, String purpose, long need, long have, String reason, Object... values) {
    return new OutOfDeviceMemoryException(
        text(device, purpose, need) + String.format(Locale.ROOT, reason, values), need, have);
  }

  private static String text(Device device, String purpose, long bytes) {
    return String.format(
        Locale.ROOT, "cannot allocate %,d bytes for %s on %s: ", bytes, purpose, device);
  }
}
