package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamina.engine.Schedule;
import org.lamina.layer.Choices;
import org.lamina.layer.Family;
import org.lamina.layer.Precision;
import org.lamina.network.Network;
import org.lamina.network.NetworkDiff;

/** What a file says of the precision is kept, handed on, and comes after the user's word. */
final class PrecisionTest {

  private static final String TEXT =
      """
      network: n
      input: {shape: [16, 8, 8]}
      precision: half
      layers:
        - fc: {name: f, units: 32}
      """;

  @Test
  void aFileSaysHowWeightsAreStored() {
    Network network = NetworkFile.parse("n.yaml", TEXT);
    assertEquals(Optional.of(Precision.HALF), network.precision());
    assertEquals(
        Optional.empty(),
        NetworkFile.parse("n.yaml", TEXT.replace("precision: half\n", "")).precision());
    assertEquals(network.precision(), network.edit().named("other").build().precision());
    assertEquals(
        Optional.of(Precision.INT8), network.edit().precision(Precision.INT8).build().precision());
    assertEquals(network.precision(), network.called("other").precision());
  }

  @Test
  void aNetworkIsWrittenWithItsPrecision() {
    Network network = NetworkFile.parse("n.yaml", TEXT);
    String text = NetworkWriter.print(network);
    assertTrue(text.contains("\nprecision: half\n"), text);
    assertEquals(network, NetworkFile.parse("n.yaml", text));
  }

  @Test
  void networksOfDifferentPrecisionDiffer() {
    Network half = NetworkFile.parse("n.yaml", TEXT);
    Network single = NetworkFile.parse("n.yaml", TEXT.replace("half", "single"));
    assertEquals(1, NetworkDiff.of(half, single).head().size());
  }

  @Test
  void theUsersWordComesFirst() {
    Network network = NetworkFile.parse("n.yaml", TEXT);
    long half = bytes(network, Choices.defaults());
    long single = bytes(network, Choices.defaults().precision(Precision.SINGLE));
    assertEquals(32 * 16 * 64 * 2, single - half);
  }

  private static long bytes(Network network, Choices choices) {
    return Schedule.of(network, Family.cpu(8), 1, Set.of(), Long.MAX_VALUE, choices)
        .parameterBytes();
  }
}
