package org.lamina.data.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamina.TestData;
import org.lamina.data.AugmentedNetwork;
import org.lamina.data.DataException;
import org.lamina.data.PixelStatistics;
import org.lamina.data.Preprocessor;
import org.lamina.data.source.Dataset;
import org.lamina.data.source.Datasets;
import org.lamina.data.source.Shapes;
import org.lamina.data.source.Splits;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Preprocessing.Std;
import org.lamina.tensor.Chw;

/** Means, deviations and principal components of training sets, and networks that ask for them. */
final class StatisticsTest {

  private static Network network(Preprocessing.Step... steps) {
    return AugmentedNetwork.of(new Chw(3, 32, 32), List.of(steps));
  }

  @Test
  void theyAreThoseOfThePlainDefinition() {
    Dataset shapes = Shapes.of(32, 40, 1, 3).train();
    double[] sums = new double[3];
    double[] squares = new double[3];
    double product = 0;
    for (int i = 0; i < 40; i++) {
      byte[] rgb = shapes.read(i).rgb();
      for (int at = 0; at < rgb.length; at++) {
        sums[at % 3] += rgb[at] & 0xFF;
        squares[at % 3] += (rgb[at] & 0xFF) * (rgb[at] & 0xFF);
        product += at % 3 == 2 ? (rgb[at] & 0xFF) * (rgb[at - 2] & 0xFF) : 0;
      }
    }
    double n = 40 * 1024;
    PixelStatistics one = Statistics.of(shapes, network(new Scale(1)), 1);
    PixelStatistics three = Statistics.of(shapes, network(new Scale(1)), 3);
    for (int c = 0; c < 3; c++) {
      assertEquals(sums[c] / n, one.mean(c), 1e-9);
      assertEquals(Math.sqrt(squares[c] / n - one.mean(c) * one.mean(c)), one.std(c), 1e-9);
      assertEquals(one.mean(c), three.mean(c));
      assertEquals(one.std(c), three.std(c));
    }
    assertEquals(product / n - one.mean(0) * one.mean(2), one.covariance(0, 2), 1e-7);
    PixelStatistics.Components first = one.components();
    assertArrayEquals(first.values(), three.components().values());
    requireEigenvectors(one, first);
  }

  /** C v = l v, vectors of length 1, largest first. */
  private static void requireEigenvectors(
      PixelStatistics pixels, PixelStatistics.Components components) {
    for (int i = 0; i < 3; i++) {
      double[] v = components.vectors()[i];
      double length = 0;
      for (int a = 0; a < 3; a++) {
        double sum = 0;
        for (int b = 0; b < 3; b++) {
          sum += pixels.covariance(a, b) * v[b];
        }
        assertEquals(components.values()[i] * v[a], sum, 1e-7 * components.values()[0]);
        length += v[a] * v[a];
      }
      assertEquals(1, length, 1e-12);
      assertTrue(i == 0 || components.values()[i] <= components.values()[i - 1]);
    }
  }

  /** After the steps the training set has mean 0 and deviation 1, wherever the scale stands. */
  @Test
  void computedStepsDoWhatTheyAreFor() {
    Dataset shapes = Shapes.of(32, 50, 1, 3).train();
    for (Network asked :
        List.of(
            network(new Mean(List.of()), new Std(List.of())),
            network(new Scale(1 / 255.0), new Mean(List.of()), new Std(List.of())),
            network(new Mean(List.of(100.0)), new Std(List.of()), new Mean(List.of())))) {
      assertThrows(NetworkException.class, () -> Preprocessor.of(asked));
      Network network = Pipelines.resolved(asked, shapes, 2);
      Preprocessor preprocessor = Preprocessor.of(network);
      double[] sums = new double[3];
      double[] squares = new double[3];
      for (int i = 0; i < 50; i++) {
        float[] values = preprocessor.apply(shapes.read(i));
        for (int at = 0; at < values.length; at++) {
          sums[at / 1024] += values[at];
          squares[at / 1024] += values[at] * values[at];
        }
      }
      for (int c = 0; c < 3; c++) {
        assertEquals(0, sums[c] / 51200, 2e-5);
        assertEquals(1, squares[c] / 51200, 2e-5);
      }
    }
    Network plain = network(new Mean(List.of(3.0)));
    assertEquals(plain, Pipelines.resolved(plain, shapes, 1));
  }

  @Test
  void badPicturesDoNotCountUnlessAllAreBad() {
    Network network = AugmentedNetwork.of(new Chw(3, 1, 1), List.of(new Scale(1)));
    Dataset some = new LoaderCases.Numbered(4, Set.of(1, 3));
    assertEquals(1, Statistics.of(some, network, 2).mean(0));
    Dataset none = new LoaderCases.Numbered(2, Set.of(0, 1));
    assertEquals(
        "numbered: no picture can be read",
        assertThrows(DataException.class, () -> Statistics.of(none, network, 2)).getMessage());
  }

  /** The means that Caffe's own mean file has for the whole training set, within a point. */
  @Test
  void cifar10HasItsKnownMeans() {
    String file = TestData.file("cifar10").resolve("train-4000.bin").toString();
    try (Splits cifar = Datasets.open(file)) {
      PixelStatistics pixels = Statistics.of(cifar.train(), network(new Scale(1)), 2);
      assertArrayEquals(
          new double[] {125.3, 123.0, 113.9},
          new double[] {pixels.mean(0), pixels.mean(1), pixels.mean(2)},
          1);
      assertEquals(63, pixels.std(0), 1.5);
    }
  }
}
