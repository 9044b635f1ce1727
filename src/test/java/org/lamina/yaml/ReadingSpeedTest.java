package org.lamina.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.lamina.network.Network;

/**
 * Reading and checking a network takes at most 50 ms warm; the limit here allows for slow machines.
 */
final class ReadingSpeedTest {

  private static final int ROUNDS = 30;
  private static final long LIMIT = 150_000_000;

  @Test
  void everyShippedNetwork() {
    for (String name : NetworkFile.shipped()) {
      assertFast(name, () -> NetworkFile.find(name));
    }
  }

  @Test
  void aThousandLayers() {
    StringBuilder text = new StringBuilder("network: n\ninput: {shape: [8, 16, 16]}\nlayers:\n");
    for (int i = 0; i < 500; i++) {
      text.append("  - conv: {name: conv%d, filters: 8, kernel: 3, pad: 1}\n".formatted(i));
      text.append("  - relu: {name: relu%d}\n".formatted(i));
    }
    Network network = NetworkFile.parse("n.yaml", text.toString());
    assertEquals(1000, network.nodes().size());
    assertFast("1000 layers", () -> NetworkFile.parse("n.yaml", text.toString()));
    String repeated =
        """
        network: n
        input: {shape: [8, 16, 16]}
        blocks: {b: {args: {n: int}, layers: [conv: {filters: =n, kernel: 3, pad: 1}, relu]}}
        layers: [repeat: {name: s, block: b, times: 500, with: {n: 8}}]
        """;
    assertEquals(1000, NetworkFile.parse("n.yaml", repeated).nodes().size());
    assertFast("500 blocks", () -> NetworkFile.parse("n.yaml", repeated));
  }

  /** The fastest round is the warm one; processor time, so that other processes do not count. */
  private static void assertFast(String what, Runnable reading) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < ROUNDS && fastest > LIMIT / 10; i++) {
      long start = threads.getCurrentThreadCpuTime();
      reading.run();
      fastest = Math.min(fastest, threads.getCurrentThreadCpuTime() - start);
    }
    assertTrue(fastest <= LIMIT, what + " took " + fastest / 1_000_000 + " ms");
  }
}
