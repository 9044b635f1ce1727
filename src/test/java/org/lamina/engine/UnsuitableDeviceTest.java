package org.lamina.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.lamina.network.Network;
import org.lamina.yaml.NetworkFile;

/** What is refused on a driver that ends loops early. */
class UnsuitableDeviceTest {

  @Test
  void aNetworkIsRefusedIfALayersSumIsLonger() {
    Network network = NetworkFile.find("lenet");
    UnsuitableDeviceException.check(network, "a device", 65_535);
    UnsuitableDeviceException.check(network, "a device", Long.MAX_VALUE);
    assertEquals(
        "layer 'conv2' sums 500 products for each output, but the driver of a device ends loops"
            + " after 999 rounds and would give wrong results; take another device",
        assertThrows(
                UnsuitableDeviceException.class,
                () -> UnsuitableDeviceException.check(network, "a device", 999))
            .getMessage());
  }

  @Test
  void trainingIsRefusedAltogether() {
    UnsuitableDeviceException.checkTraining("a device", Long.MAX_VALUE);
    assertEquals(
        "the driver of a device ends loops after 65535 rounds: training would give wrong results there; take another device",
        assertThrows(
                UnsuitableDeviceException.class,
                () -> UnsuitableDeviceException.checkTraining("a device", 65_535))
            .getMessage());
  }
}
