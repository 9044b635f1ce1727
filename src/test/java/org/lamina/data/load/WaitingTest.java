package org.lamina.data.load;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.lamina.TestData;
import org.lamina.data.AugmentedNetwork;
import org.lamina.data.source.Datasets;
import org.lamina.data.source.Splits;
import org.lamina.network.Augmentation;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing.CenterCrop;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.ResizeShorter;
import org.lamina.tensor.Chw;

/** How long a device would wait for photos that two threads could decode in time. */
@Tag("long")
final class WaitingTest {

  private static final int BATCH = 32;
  private static final int STEPS = 60;

  @Test
  void theDeviceHardlyWaitsForJpegs() throws InterruptedException {
    Network network =
        AugmentedNetwork.of(
            new Chw(3, 224, 224),
            List.of(new ResizeShorter(256), new CenterCrop(224, 224), new Mean(List.of(117.0))),
            new Augmentation.RandomCrop(0, 0, 0, 0),
            new Augmentation.Mirror(0.5));
    String photos = TestData.file("flowers12").resolve("flowers12.tar").toString();
    try (Splits flowers = Datasets.open(photos)) {
      LoaderOptions options = LoaderOptions.of(BATCH).withThreads(2);
      long step = step(flowers, network, options);
      try (Loader loader =
          Loader.training(
              flowers.train(), Pipelines.training(network, flowers.train(), 2), options, 1, 0)) {
        loader.next().orElseThrow().close();
        long before = loader.waited().toNanos();
        long start = System.nanoTime();
        for (int i = 0; i < STEPS; i++) {
          try (Batch batch = loader.next().orElseThrow()) {
            assertTrue(batch.count() == BATCH);
            Thread.sleep(step);
          }
        }
        double share = (loader.waited().toNanos() - before) / (double) (System.nanoTime() - start);
        assertTrue(share <= 0.05, "waited " + share + " of the time for steps of " + step + " ms");
      }
    }
  }

  /** Returns how long a step takes for which the photos are decoded just in time, and half more. */
  private static long step(Splits flowers, Network network, LoaderOptions options) {
    int batches = 20;
    try (Loader loader = Loader.pass(flowers.train(), Pipelines.evaluation(network, 1), options)) {
      loader.next().orElseThrow().close();
      long start = System.nanoTime();
      for (int i = 0; i < batches; i++) {
        loader.next().orElseThrow().close();
      }
      return (System.nanoTime() - start) * 3 / 2 / batches / 1_000_000;
    }
  }
}
