package org.lamina.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lamina.opencl.Device;
import org.lamina.opencl.Session;
import org.lamina.tensor.Chw;

/** Copies between layouts, and the zeros around planes. */
@Tag("kernels")
final class ReorderTest {

  private static final List<Integer> VECTORS = List.of(1, 4, 8, 16);
  private static final int IMAGES = 2;

  private static Session session;

  @BeforeAll
  static void open() {
    session = Session.open(Device.best());
  }

  @AfterAll
  static void close() {
    session.close();
  }

  private static Stream<Arguments> pairs() {
    return VECTORS.stream().flatMap(from -> VECTORS.stream().map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void everyElementArrives(int from, int to) {
    Random random = new Random(from * 31L + to);
    for (Chw shape : List.of(new Chw(5, 3, 4), new Chw(17, 2, 1), new Chw(16, 1, 21))) {
      float[] values = ladder(shape);
      try (GuardedImages x = place(shape, from, random);
          GuardedImages y = place(shape, to, random)) {
        x.fill(values, Padding.NONE, random);
        y.upload();
        Reorder.bind(session, x.view(), y.view()).enqueue(IMAGES);
        assertArrayEquals(values, y.read(IMAGES), shape.toString());
        assertTrue(y.strayLanesAreZero(IMAGES), "lanes beyond the last channel are not zero");
        x.assertRestUntouched("input", 0);
        y.assertRestUntouched("output", IMAGES);
      }
    }
  }

  @Test
  void shapesMustBeEqual() {
    Random random = new Random(1);
    try (GuardedImages x = place(new Chw(2, 3, 4), 1, random);
        GuardedImages y = place(new Chw(2, 4, 3), 1, random)) {
      Exception thrown =
          assertThrows(
              IllegalArgumentException.class, () -> Reorder.bind(session, x.view(), y.view()));
      assertEquals("cannot copy images of 2×3×4 to images of 2×4×3", thrown.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void onlyTheHaloBecomesZero(int vector, int side) {
    Random random = new Random(vector + side);
    Chw shape = new Chw(5, 3, 4);
    Padding halo = new Padding(side % 3, 2, 1, side / 4);
    float[] values = ladder(shape);
    try (GuardedImages x =
            GuardedImages.place(session, shape, new Layout(vector, halo), IMAGES + 1, random);
        GuardedImages expected = x.twin(session)) {
      expected.fill(values, halo, new Random(3));
      x.fill(values, Padding.NONE, new Random(3));
      Halo.zero(session, x.view(), halo).enqueue(IMAGES);
      assertArrayEquals(expected.bits(), x.bits());
    }
  }

  private static GuardedImages place(Chw shape, int vector, Random random) {
    return GuardedImages.place(session, shape, Layout.of(vector), IMAGES + 1, random);
  }

  private static float[] ladder(Chw shape) {
    float[] values = new float[Math.toIntExact(IMAGES * shape.volume())];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    return values;
  }
}
