package org.lamina.layer;

import org.lamina.opencl.DeviceBuffer;
import org.lamina.opencl.Kernel;

/**
 * A run of floats somewhere in device memory, such as one parameter among all.
 *
 * @param buffer the memory
 * @param offset floats before the first
 */
public record Floats(DeviceBuffer buffer, long offset) {

  /** Binds the kernel arguments {@code name}, a pointer, and {@code name_offset}, an ulong. */
  public void bind(Kernel kernel, String name) {
    kernel.set(name, buffer).set(name + "_offset", offset);
  }
}
