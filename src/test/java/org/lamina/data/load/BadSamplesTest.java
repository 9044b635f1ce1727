package org.lamina.data.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lamina.data.load.LoaderCases.options;
import static org.lamina.data.load.LoaderCases.take;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.lamina.data.DataException;
import org.lamina.data.Picture;
import org.lamina.data.Pipeline;
import org.lamina.data.SampleKey;
import org.lamina.data.load.LoaderCases.Numbered;
import org.lamina.data.source.Dataset;
import org.lamina.tensor.Chw;

/** What happens to samples that cannot be read. */
@Timeout(60)
final class BadSamplesTest {

  private static final Pipeline ONE = LoaderCases.ONE;

  @Test
  void whatCannotBeReadIsReplacedInTrainingCountedAndNamed() {
    Dataset set = new Numbered(10, Set.of(8, 9, 0));
    try (Loader loader = Loader.training(set, ONE, options(10, 2), 1, 0)) {
      for (float[] row : take(loader, 20)) {
        int asked = (int) row[2];
        int expected = asked >= 8 || asked == 0 ? 1 : asked;
        assertEquals(expected, row[0]);
        assertEquals(expected, row[4]);
        assertEquals(expected % 2, row[3]);
      }
      assertEquals(6, loader.unreadableCount());
      assertEquals(
          Set.of("numbered #8: is damaged", "numbered #9: is damaged", "numbered #0: is damaged"),
          Set.copyOf(loader.unreadable().stream().map(Batch.Unreadable::problem).toList()));
    }
  }

  @Test
  void whatCannotBeReadIsLeftOutOfAPass() {
    Dataset set = new Numbered(4, Set.of(1));
    try (Loader loader = Loader.pass(set, ONE, options(4, 1));
        Batch batch = loader.next().orElseThrow()) {
      assertArrayEquals(new int[] {0, Batch.NONE, 0, 1}, batch.labels());
      assertEquals(0, batch.images().get(5));
      assertEquals(List.of("numbered #1"), names(batch));
      assertEquals(1, loader.unreadableCount());
    }
  }

  private static List<String> names(Batch batch) {
    return batch.unreadable().stream().map(Batch.Unreadable::sample).toList();
  }

  @Test
  void whatCannotBeReadEndsTheRunIfWanted() {
    LoaderOptions strict = options(5, 3).withUnreadable(LoaderOptions.Unreadable.FAIL);
    try (Loader loader = Loader.pass(new Numbered(50, Set.of(12, 13)), ONE, strict)) {
      assertEquals(10, take(loader, 10).size());
      DataException e = assertThrows(DataException.class, loader::next);
      assertEquals("numbered #12: is damaged", e.getMessage());
      assertThrows(DataException.class, loader::next);
    }
  }

  @Test
  void ifNothingCanBeReadTheRunEnds() {
    Set<Integer> all = Set.copyOf(IntStream.range(0, 20).boxed().toList());
    try (Loader loader = Loader.training(new Numbered(20, all), ONE, options(5, 2), 1, 0)) {
      DataException e = assertThrows(DataException.class, loader::next);
      assertTrue(
          e.getMessage().startsWith("numbered: 20 samples in a row cannot be read, from numbered"),
          e.getMessage());
    }
  }

  @Test
  void ourOwnMistakesAreNotTakenForBadSamples() {
    Pipeline broken =
        new Pipeline() {
          @Override
          public Chw shape() {
            return new Chw(1, 1, 1);
          }

          @Override
          public void apply(Picture picture, SampleKey key, float[] to, int at) {
            throw new IllegalStateException("broken");
          }
        };
    try (Loader loader = Loader.pass(new Numbered(5, Set.of()), broken, options(2, 2))) {
      assertEquals("broken", assertThrows(IllegalStateException.class, loader::next).getMessage());
    }
  }
}
