package org.lamina.data.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamina.data.DataException;
import org.lamina.data.Numbers;
import org.lamina.data.Picture;
import org.lamina.data.SampleKey;

final class ShapesTest {

  @Test
  void tenClassesAsOftenAsEachOther() {
    Splits shapes = Datasets.open("shapes");
    assertEquals(
        List.of(
            "arrow",
            "circle",
            "cross",
            "heart",
            "hourglass",
            "moon",
            "ring",
            "square",
            "star",
            "triangle"),
        shapes.classes());
    assertEquals("drawn figures: 10,000 to train, 2,000 to test, 10 classes", shapes.toString());
    int[] counts = new int[10];
    for (int i = 0; i < shapes.train().size(); i++) {
      counts[shapes.train().label(i)]++;
    }
    assertTrue(Arrays.stream(counts).allMatch(count -> count == 1000));
  }

  /** The first picture of a seed, so that it never changes unnoticed: recorded runs rely on it. */
  @Test
  void picturesAreTheSameEverywhere() {
    Splits shapes = Datasets.open("shapes:seed=5,train=20");
    int[] sums = new int[3];
    for (int i = 0; i < 3; i++) {
      sums[i] = Arrays.hashCode(shapes.train().read(i).rgb());
    }
    assertArrayEquals(new int[] {-1584338933, 2094180147, -1554043561}, sums);
  }

  @Test
  void seedPartAndIndexGiveTheirOwnPictures() {
    Set<Integer> seen = new HashSet<>();
    for (String place : List.of("shapes:seed=1", "shapes:seed=2")) {
      Splits shapes = Datasets.open(place);
      for (Dataset part : List.of(shapes.train(), shapes.test().orElseThrow())) {
        for (int i = 0; i < 100; i++) {
          assertTrue(seen.add(Arrays.hashCode(part.read(i).rgb())), part.sample(i));
        }
      }
    }
  }

  @Test
  void aLargerSetBeginsWithTheSamePictures() {
    Dataset small = Shapes.of(32, 10, 10, 1).train();
    Dataset large = Shapes.of(32, 5000, 10, 1).train();
    assertArrayEquals(small.read(7).rgb(), large.read(7).rgb());
    assertEquals(48, Datasets.open("shapes:size=48").train().read(0).width());
  }

  /** Every figure is inside its circle, has an area, and its distance grows by at most 1. */
  @ParameterizedTest
  @EnumSource(Figure.class)
  void distancesAreDistances(Figure figure) {
    int inside = 0;
    int n = 200;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double x = 3.0 * i / n - 1.5;
        double y = 3.0 * j / n - 1.5;
        double here = figure.distance(x, y);
        if (here < 0) {
          inside++;
          assertTrue(Math.hypot(x, y) < 1.1, figure + " reaches " + x + ", " + y);
        }
        double step = 3.0 / n;
        assertTrue(Math.abs(figure.distance(x + step, y) - here) <= step + 1e-9);
        assertTrue(Math.abs(figure.distance(x, y + step) - here) <= step + 1e-9);
      }
    }
    double area = 9.0 * inside / n / n;
    assertTrue(area > 0.7 && area < 3.2, figure + " has an area of " + area);
  }

  @Test
  void edgesAreSmooth() {
    Canvas canvas = new Canvas(8);
    canvas.fill(4, 4, 4, (x, y) -> x - 4.25, (x, y) -> new double[] {1, 1, 1}, 1);
    Picture picture = canvas.picture(0, Numbers.of(new SampleKey(0, 0, 0), 0));
    assertEquals(255, picture.rgb()[3 * 3] & 0xFF);
    assertEquals(64, picture.rgb()[3 * 4] & 0xFF);
    assertEquals(0, picture.rgb()[3 * 5] & 0xFF);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shapes:siz=3|shapes:siz=3: there is no option 'siz', did you mean 'size'?",
        "shapes:colour=3|shapes:colour=3: there is no option 'colour'; there are size, train, test, seed",
        "shapes:size|shapes:size: 'size' is no option with a whole number, such as size=48",
        "shapes:size=4|shapes: size must be from 8 to 1024, but is 4",
        "shapes:train=0|shapes: train must be from 1 to 2147483647, but is 0",
      })
  void wrongOptionsAreExplained(String place, String message) {
    assertEquals(
        message, assertThrows(DataException.class, () -> Datasets.open(place)).getMessage());
  }
}
