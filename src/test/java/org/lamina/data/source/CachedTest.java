package org.lamina.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CachedTest {

  private static final Dataset SHAPES = Shapes.of(8, 20, 1, 1).train();

  @Test
  void picturesAreKeptWhileThereIsRoom() {
    Dataset cached = Cached.of(SHAPES, 5 * (8 * 8 * 3 + 64) + 10);
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(SHAPES.read(i).rgb(), cached.read(i).rgb());
    }
    long kept = IntStream.range(0, 20).filter(i -> cached.read(i) == cached.read(i)).count();
    assertEquals(5, kept);
    assertSame(cached.read(0), cached.read(0));
    assertNotSame(cached.read(19), cached.read(19));
    assertEquals(SHAPES.fingerprint(), cached.fingerprint());
    assertEquals(SHAPES.label(7), cached.label(7));
  }

  @Test
  void whatIsCheapIsNotKept() {
    Dataset cached = Cached.of(SHAPES);
    assertNotSame(SHAPES, cached);
    assertSame(cached, Cached.of(cached));
  }
}
