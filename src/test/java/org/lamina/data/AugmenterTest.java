package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.lamina.data.AugmenterCases.DRAWS;
import static org.lamina.data.AugmenterCases.apply;
import static org.lamina.data.AugmenterCases.augmenter;
import static org.lamina.data.AugmenterCases.network;
import static org.lamina.data.AugmenterCases.ramp;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamina.network.Augmentation;
import org.lamina.network.Augmentation.Step;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;

/** Every step does what it says: exactly where that can be said, statistically where not. */
final class AugmenterTest {

  @Test
  void withoutStepsItIsThePreprocessing() {
    List<Preprocessing.Step> steps =
        List.of(
            new Preprocessing.ResizeShorter(9),
            new Preprocessing.CenterCrop(7, 6),
            new Preprocessing.Channels(Preprocessing.Channels.Order.BGR),
            new Preprocessing.Scale(1 / 255.0),
            new Preprocessing.Mean(List.of(0.4, 0.5, 0.6)),
            new Preprocessing.Std(List.of(0.2)));
    Network network = network(new Chw(3, 7, 6), steps);
    Picture picture = ramp(20, 13);
    assertArrayEquals(
        Preprocessor.of(network).apply(picture),
        apply(Augmenter.of(network, Optional.empty()), picture, 5));
  }

  /** Which of the places a crop took, found by the ramp; every place about equally often. */
  @Test
  void aRandomCropIsAnywhere() {
    Augmenter crop =
        Augmenter.of(
            network(
                new Chw(3, 4, 5),
                List.of(new Preprocessing.CenterCrop(4, 5)),
                new Augmentation.RandomCrop(4, 5, 0, 0)),
            Optional.empty());
    Map<Integer, Integer> places = new HashMap<>();
    for (int i = 0; i < DRAWS; i++) {
      float[] values = apply(crop, ramp(8, 6), i);
      int left = (int) values[0] / 10;
      int top = (int) values[20] / 10;
      assertEquals(10 * (left + 4), values[4]);
      assertEquals(10 * (top + 3), values[20 + 15]);
      places.merge(10 * top + left, 1, Integer::sum);
    }
    assertEquals(12, places.size());
    double expected = DRAWS / 12.0;
    double chi =
        places.values().stream().mapToDouble(n -> (n - expected) * (n - expected) / expected).sum();
    assertTrue(chi < 31.3, "chi-squared of 11 degrees of freedom: " + chi);
  }

  @Test
  void aBorderIsFilled() {
    Augmenter crop = augmenter(4, 4, new Augmentation.RandomCrop(0, 0, 4, 77));
    Set<Integer> filled = new HashSet<>();
    for (int i = 0; i < DRAWS; i++) {
      float[] values = apply(crop, ramp(4, 4), i);
      int border = 0;
      for (int pixel = 0; pixel < 16; pixel++) {
        border += values[32 + pixel] == 77 ? 1 : 0;
        assertTrue(values[32 + pixel] == 77 || values[32 + pixel] == 100);
      }
      filled.add(border);
    }
    assertTrue(filled.contains(0) && filled.contains(16), filled::toString);
  }

  @Test
  void aCropThatDoesNotFitIsRefused() {
    NetworkException e =
        assertThrows(
            NetworkException.class, () -> augmenter(4, 4, new Augmentation.RandomCrop(5, 4, 0, 0)));
    assertTrue(
        e.getMessage()
            .contains("random_crop keeps 5 rows and 4 columns, but the input 3×4×4 has 4 and 4"),
        e.getMessage());
    Augmenter crop =
        Augmenter.of(
            network(
                new Chw(3, 4, 4),
                List.of(new Preprocessing.CenterCrop(4, 4)),
                new Augmentation.RandomCrop(0, 0, 0, 0)),
            Optional.empty());
    assertEquals(
        "random_crop of 4×4 pixels does not fit the picture, which has 3×9 there; resize first",
        assertThrows(ImageException.class, () -> apply(crop, ramp(3, 9), 0)).getMessage());
  }

  /** The share of the area is found by how far the ramp reaches. */
  @Test
  void aResizedCropHasAnyExtent() {
    Augmenter crop =
        augmenter(8, 8, new Augmentation.ResizedCrop(List.of(0.25, 1.0), List.of(0.5, 2.0)));
    double areas = 0;
    double least = 1;
    double most = 0;
    for (int i = 0; i < DRAWS; i++) {
      float[] values = apply(crop, ramp(24, 24), i);
      // From the first to the last pixel there are 7/8 of the part.
      double width = (values[7] - values[0]) / 10 * 8 / 7;
      double height = (values[64 + 56] - values[64]) / 10 * 8 / 7;
      double area = width * height / 576;
      areas += area;
      least = Math.min(least, area);
      most = Math.max(most, area);
      assertTrue(width / height > 0.4 && width / height < 2.5, width + " × " + height);
    }
    assertTrue(least > 0.2 && least < 0.3, "least " + least);
    assertTrue(most > 0.85 && most < 1.05, "most " + most);
    // What does not fit is drawn again, so that the mean is below (0.25 + 1) / 2.
    assertTrue(areas / DRAWS > 0.5 && areas / DRAWS < 0.63, "mean " + areas / DRAWS);
  }

  @Test
  void mirrors() {
    Augmenter always = augmenter(2, 3, new Augmentation.Mirror(1));
    assertArrayEquals(
        new float[] {20, 10, 0, 20, 10, 0, 0, 0, 0, 10, 10, 10, 100, 100, 100, 100, 100, 100},
        apply(always, ramp(3, 2), 0));
    Augmenter half = augmenter(2, 3, new Augmentation.Mirror(0.3));
    int mirrored = 0;
    for (int i = 0; i < DRAWS; i++) {
      mirrored += apply(half, ramp(3, 2), i)[0] == 20 ? 1 : 0;
    }
    assertEquals(0.3, mirrored / (double) DRAWS, 0.03);
    assertEquals(0, apply(augmenter(2, 3, new Augmentation.Mirror(0)), ramp(3, 2), 1)[0]);
  }

  @Test
  void rotates() {
    Augmenter turn = augmenter(9, 9, new Augmentation.Rotate(90));
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
      float[] values = apply(turn, ramp(9, 9), i);
      assertEquals(40, values[40], 1e-3);
      assertEquals(40, values[81 + 40], 1e-3);
      double angle = Math.toDegrees(Math.atan2(values[81 + 41] - 40, values[41] - 40));
      sum += angle;
      squares += angle * angle;
    }
    assertEquals(0, sum / DRAWS, 3);
    assertEquals(90 / Math.sqrt(3), Math.sqrt(squares / DRAWS), 2);
    float[] still = apply(augmenter(9, 9, new Augmentation.Rotate(0)), ramp(9, 9), 3);
    assertArrayEquals(apply(augmenter(9, 9), ramp(9, 9), 3), still);
  }

  @Test
  void cutoutIsDoneLastAndCutOffAtTheEdges() {
    Network network =
        network(
            new Chw(3, 6, 6),
            List.of(new Preprocessing.Mean(List.of(50.0))),
            new Augmentation.Cutout(4, 1));
    Augmenter augmenter = Augmenter.of(network, Optional.empty());
    Set<Integer> areas = new HashSet<>();
    for (int i = 0; i < DRAWS; i++) {
      float[] values = apply(augmenter, ramp(6, 6), i);
      int zeros = 0;
      for (int pixel = 0; pixel < 36; pixel++) {
        zeros += values[72 + pixel] == 0 ? 1 : 0;
        assertTrue(values[72 + pixel] == 0 || values[72 + pixel] == 50);
      }
      areas.add(zeros);
    }
    assertEquals(Set.of(4, 6, 8, 9, 12, 16), areas);
  }

  /** Adding a step does not change what the others draw. */
  @Test
  void stepsDrawTheirOwnNumbers() {
    Step mirror = new Augmentation.Mirror(0.5);
    Augmenter alone = augmenter(2, 3, mirror);
    Augmenter more = augmenter(2, 3, new Augmentation.Brightness(0), mirror);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      float[] values = apply(alone, ramp(3, 2), i);
      assertArrayEquals(values, apply(more, ramp(3, 2), i), 1e-4f);
      seen.add(Arrays.toString(values));
    }
    assertEquals(2, seen.size());
    SampleKey key = new SampleKey(1, 2, 3);
    Set<Double> drawn = new HashSet<>();
    for (SampleKey other :
        List.of(key, new SampleKey(2, 2, 3), new SampleKey(1, 3, 3), new SampleKey(1, 2, 4))) {
      assertTrue(drawn.add(Numbers.of(other, 5).uniform()));
      assertTrue(drawn.add(Numbers.of(other, 99).uniform()));
    }
  }

  @Test
  void tenCrops() {
    Network network =
        network(
            new Chw(3, 2, 2),
            List.of(
                new Preprocessing.CenterCrop(6, 6),
                new Preprocessing.CenterCrop(2, 2),
                new Preprocessing.Scale(0.1)));
    TenCrop crops = TenCrop.of(network);
    float[] values = apply(crops, ramp(8, 8), 0);
    assertEquals(10 * 12, values.length);
    int[][] corners = {{1, 1}, {1, 5}, {5, 1}, {5, 5}, {3, 3}};
    for (int view = 0; view < 10; view++) {
      int top = corners[view % 5][0];
      int left = corners[view % 5][1];
      boolean mirrored = view >= 5;
      String what = String.format(Locale.ROOT, "view %d", view);
      assertEquals(mirrored ? left + 1 : left, values[12 * view], 1e-5, what);
      assertEquals(mirrored ? left : left + 1, values[12 * view + 1], 1e-5, what);
      assertEquals(top, values[12 * view + 4], 1e-5, what);
      assertEquals(top + 1, values[12 * view + 6], 1e-5, what);
    }
    assertArrayEquals(
        Preprocessor.of(network).apply(ramp(8, 8)), Arrays.copyOfRange(values, 48, 60));
    assertThrows(NetworkException.class, () -> TenCrop.of(network(new Chw(3, 2, 2), List.of())));
    assertThrows(ImageException.class, () -> apply(crops, ramp(5, 9), 0));
  }

  @Test
  void resizingAfterTheCropIsRefused() {
    Network network =
        network(
            new Chw(3, 2, 2),
            List.of(new Preprocessing.CenterCrop(6, 6), new Preprocessing.Resize(2, 2)));
    NetworkException e = assertThrows(NetworkException.class, () -> TenCrop.of(network));
    assertTrue(e.getMessage().contains("needs resize and center_crop in this order"));
  }
}
