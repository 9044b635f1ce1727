package org.lamina.data.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lamina.data.load.LoaderCases.options;
import static org.lamina.data.load.LoaderCases.take;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.data.Picture;
import org.lamina.data.Pipeline;
import org.lamina.data.SampleKey;
import org.lamina.data.load.LoaderCases.Numbered;
import org.lamina.data.load.LoaderCases.Telling;
import org.lamina.data.source.Dataset;
import org.lamina.tensor.Chw;

/** Order, equality for any number of threads and batches, and the life of batches. */
@Timeout(60)
final class LoaderTest {

  private static final Pipeline ONE = LoaderCases.ONE;

  @ParameterizedTest
  @CsvSource({"1,1", "7,1", "7,4", "64,3", "1000,2", "256,9"})
  void batchesAndThreadsChangeNothing(int batch, int threads) {
    Dataset set = new Numbered(300, Set.of(5, 6, 100));
    List<float[]> expected;
    try (Loader loader = Loader.training(set, ONE, options(32, 1), 9, 0)) {
      expected = take(loader, 1500);
    }
    try (Loader loader = Loader.training(set, ONE, options(batch, threads), 9, 0)) {
      assertArrayEquals(expected.toArray(), take(loader, 1500).toArray());
    }
  }

  @Test
  void anyPlaceIsAGoodStart() {
    Dataset set = new Numbered(70, Set.of(3));
    try (Loader whole = Loader.training(set, ONE, options(10, 2), 4, 0);
        Loader rest = Loader.training(set, ONE, options(20, 3), 4, 130)) {
      assertArrayEquals(take(whole, 400).subList(130, 330).toArray(), take(rest, 200).toArray());
    }
  }

  @Test
  void everyEpochHasEverySampleOnceInAnotherOrder() {
    int size = 1000;
    try (Loader loader = Loader.training(new Numbered(size, Set.of()), ONE, options(64, 2), 1, 0)) {
      List<float[]> taken = take(loader, 3 * size);
      List<List<Integer>> orders = new ArrayList<>();
      for (int epoch = 0; epoch < 3; epoch++) {
        BitSet seen = new BitSet();
        List<Integer> order = new ArrayList<>();
        for (float[] row : taken.subList(epoch * size, (epoch + 1) * size)) {
          assertEquals(epoch, row[1]);
          assertEquals(row[0], row[2]);
          assertEquals(row[0] % 2, row[3]);
          seen.set((int) row[0]);
          order.add((int) row[0]);
        }
        assertEquals(size, seen.cardinality());
        orders.add(order);
      }
      assertNotEquals(orders.get(0), orders.get(1));
      assertNotEquals(orders.get(1), orders.get(2));
    }
  }

  /** Chi-squared of where each of 6 samples comes, over 6,000 epochs: 25 degrees of freedom. */
  @Test
  void allPlacesAreEquallyLikely() {
    int[][] counts = new int[6][6];
    for (int epoch = 0; epoch < 6000; epoch++) {
      int[] order = Order.permutation(6, 42, epoch);
      for (int place = 0; place < 6; place++) {
        counts[order[place]][place]++;
      }
    }
    double chi = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chi += (count - 1000) * (count - 1000) / 1000.0;
      }
    }
    assertTrue(chi < 52.6, "chi-squared " + chi + "; 1 in 1,000 is above 52.6");
    assertArrayEquals(new int[] {0}, Order.permutation(1, 3, 4));
  }

  @Test
  void aPassHasEverySampleInOrderAndEnds() {
    try (Loader loader = Loader.pass(new Numbered(25, Set.of()), ONE, options(10, 3))) {
      for (int count : new int[] {10, 10, 5}) {
        try (Batch batch = loader.next().orElseThrow()) {
          assertEquals(count, batch.count());
          assertEquals(30, batch.images().remaining());
          for (int i = count; i < 10; i++) {
            assertEquals(0, batch.images().get(3 * i));
          }
          assertTrue(batch.images().isDirect());
        }
      }
      assertTrue(loader.next().isEmpty());
    }
  }

  @Test
  void viewsLieTogether() {
    try (Loader loader = Loader.pass(new Numbered(3, Set.of()), new Telling(2), options(2, 1));
        Batch batch = loader.next().orElseThrow()) {
      float[] values = new float[12];
      batch.images().get(values);
      assertArrayEquals(new float[] {0, 0, 0, 0, 0, 0.5f, 1, 0, 1, 1, 0, 1.5f}, values);
    }
  }

  @Test
  void severalBatchesMayBeHeldAtOnce() {
    LoaderOptions four = options(2, 2).withAhead(4);
    try (Loader loader = Loader.training(new Numbered(50, Set.of()), ONE, four, 3, 0)) {
      List<Batch> held = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        held.add(loader.next().orElseThrow());
      }
      assertEquals(List.of(0L, 2L, 4L), held.stream().map(Batch::first).toList());
      int[] first = held.get(0).samples();
      loader.next().orElseThrow().close();
      assertArrayEquals(first, held.get(0).samples());
      held.forEach(Batch::close);
      held.get(0).close();
      assertThrows(IllegalStateException.class, held.get(0)::images);
      assertEquals(8, loader.next().orElseThrow().first());
    }
  }

  @Test
  void closingStopsTheThreadsAtOnce() {
    Loader loader = Loader.training(new Numbered(50, Set.of()), ONE, options(4, 3), 3, 0);
    loader.close();
    loader.close();
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .filter(Thread::isAlive)
            .anyMatch(thread -> thread.getName().startsWith("lamina-loader")));
  }

  @Test
  void waitingIsMeasured() {
    Pipeline slow =
        new Pipeline() {
          @Override
          public Chw shape() {
            return new Chw(1, 1, 1);
          }

          @Override
          public void apply(Picture picture, SampleKey key, float[] to, int at) {
            try {
              Thread.sleep(20);
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
        };
    try (Loader loader = Loader.pass(new Numbered(20, Set.of()), slow, options(10, 1))) {
      assertEquals(20, Arrays.stream(new int[2]).map(i -> counted(loader)).sum());
      assertTrue(loader.waited().toMillis() >= 390, loader.waited().toString());
      assertTrue(loader.waitShare() > 0.5 && loader.waitShare() <= 1, loader.waitShare() + "");
    }
  }

  private static int counted(Loader loader) {
    try (Batch batch = loader.next().orElseThrow()) {
      return batch.count();
    }
  }
}
