package org.lamina.engine;

import org.lamina.network.Network;
import org.lamina.network.Node;
import org.lamina.opencl.Device;

/** Thrown when a device's driver is known to compute some layer wrongly. */
public final class UnsuitableDeviceException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  // The innermost loops of the convolution kernels take about this many rounds for each product
  // that an output sums, where a compiler unrolls none of them (measured on llvmpipe: 28.4).
  private static final long ROUNDS_PER_PRODUCT = 30;

  private UnsuitableDeviceException(String message) {
    super(message);
  }

  /**
   * Throws if the device cuts loops short (see {@link Device#loopRounds}) and a layer sums more
   * products for each output than such a loop can.
   *
   * @throws UnsuitableDeviceException if it does
   */
  static void check(Network network, Device device) {
    check(network, device.name(), device.loopRounds());
  }

  /**
   * Throws if the device cuts loops short (see {@link Device#loopRounds}): in training, how long a
   * loop is hangs on the batch and the planes as well, and no bound of it is known.
   *
   * @throws UnsuitableDeviceException if it does
   */
  public static void checkTraining(Device device) {
    checkTraining(device.name(), device.loopRounds());
  }

  static void checkTraining(String device, long loopRounds) {
    if (loopRounds < Long.MAX_VALUE) {
      throw new UnsuitableDeviceException(
          "the driver of %s ends loops after %d rounds: training would give wrong results there; take another device"
              .formatted(device, loopRounds));
    }
  }

  static void check(Network network, String device, long loopRounds) {
    for (Node node : network.nodes()) {
      long products = node.signature().macs() / node.signature().output().volume();
      if (products > loopRounds / ROUNDS_PER_PRODUCT) {
        throw new UnsuitableDeviceException(
            "layer '%s' sums %d products for each output, but the driver of %s ends loops after %d rounds and would give wrong results; take another device"
                .formatted(node.name(), products, device, loopRounds));
      }
    }
  }
}
