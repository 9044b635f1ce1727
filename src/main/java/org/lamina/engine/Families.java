package org.lamina.engine;

import org.lamina.layer.Family;
import org.lamina.opencl.Device;

/** Chooses the kernel family for a device by what the device is, never by who made it. */
public final class Families {

  private Families() {}

  /**
   * Returns the CPU family of the device's own vector width for a CPU, the GPU family for
   * everything else.
   *
   * <p>A CPU driver that reports no vectors (llvmpipe's says 1 or 4) gets 4: whatever it compiles
   * to, blocks of four channels beat single ones.
   */
  public static Family of(Device device) {
    if (!device.isCpu()) {
      return Family.GPU;
    }
    int width = device.nativeVectorWidth();
    return Family.cpu(width >= 16 ? 16 : width >= 8 ? 8 : 4);
  }
}
