package org.lamina.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;
import org.lamina.layer.Initializer;
import org.lamina.layer.Parameter;
import org.lamina.tensor.Shape;

class InitializersTest {

  private static final int MANY = 1_000_003;

  @Test
  void constantIsConstant() {
    assertArrayEquals(new float[] {0.5f, 0.5f, 0.5f}, fill(new Initializer.Constant(0.5), 3));
  }

  /** 5 standard errors: a right generator fails one seed in a million, and the seed is fixed. */
  @Test
  void normalHasItsMoments() {
    Moments m = new Moments(fill(new Initializer.Normal(2, 0.5), MANY));
    assertEquals(2, m.mean, 5 * 0.5 / Math.sqrt(MANY));
    assertEquals(0.25, m.variance, 5 * 0.25 * Math.sqrt(2.0 / MANY));
    assertEquals(0, m.skewness, 5 * Math.sqrt(6.0 / MANY));
    assertEquals(3, m.kurtosis, 5 * Math.sqrt(24.0 / MANY));
  }

  /** Kolmogorov and Smirnov's distance against the normal distribution; 1.95 is p = 0.001. */
  @Test
  void normalHasItsDistribution() {
    float[] values = fill(new Initializer.Normal(0, 1), 100_000);
    Arrays.sort(values);
    double distance = 0;
    for (int i = 0; i < values.length; i++) {
      double p = normalBelow(values[i]);
      distance = Math.max(distance, Math.abs(p - (i + 0.5) / values.length));
    }
    assertTrue(distance < 1.95 / Math.sqrt(values.length), "distance " + distance);
  }

  @Test
  void uniformHasItsMomentsAndNeverReachesTheUpperBound() {
    float[] values = fill(new Initializer.Uniform(-1, 3), MANY);
    Moments m = new Moments(values);
    assertEquals(1, m.mean, 5 * Math.sqrt(16 / 12.0 / MANY));
    assertEquals(16 / 12.0, m.variance, 0.01);
    for (float value : values) {
      assertTrue(value >= -1 && value < 3);
    }
    float[] narrow = fill(new Initializer.Uniform(1, 1 + 0x1p-22), 1000);
    for (float value : narrow) {
      assertTrue(value >= 1 && value < 1 + 0x1p-22);
    }
    assertArrayEquals(new float[] {7, 7}, fill(new Initializer.Uniform(7, 7), 2));
  }

  /** The test parameter has fan-in 75 and fan-out 100. */
  @Test
  void xavierAndKaimingFollowTheFans() {
    assertEquals(1 / 75.0, variance(new Initializer.Xavier(Initializer.Mode.FAN_IN)), 1e-4);
    assertEquals(1 / 87.5, variance(new Initializer.Xavier(Initializer.Mode.AVERAGE)), 1e-4);
    assertEquals(2 / 75.0, variance(new Initializer.Kaiming(Initializer.Mode.FAN_IN)), 2e-4);
    assertEquals(2 / 100.0, variance(new Initializer.Kaiming(Initializer.Mode.FAN_OUT)), 2e-4);
    double bound = Math.sqrt(3 / 75.0);
    for (float value : fill(new Initializer.Xavier(Initializer.Mode.FAN_IN), 1000)) {
      assertTrue(Math.abs(value) <= bound);
    }
  }

  @Test
  void threadsAndLengthChangeNothing() throws Exception {
    Initializer normal = new Initializer.Normal(0, 1);
    float[] here = fill(normal, 300_001);
    ForkJoinPool alone = new ForkJoinPool(1);
    try {
      assertArrayEquals(here, alone.submit(() -> fill(normal, 300_001)).get());
    } finally {
      alone.shutdown();
    }
    assertArrayEquals(Arrays.copyOf(here, 7), fill(normal, 7));
  }

  /** Computed with Python's own logarithm and cosine: the meaning of a seed, for ever. */
  @Test
  void aSeedMeansTheseValues() {
    assertArrayEquals(
        OF_SEED_1, fill(new Initializer.Normal(0, 1), OF_SEED_1.length), "normal values of seed 1");
  }

  private static final float[] OF_SEED_1 = {
    0.4830051064491272f,
    -0.8395109176635742f,
    0.7395319938659668f,
    1.0447514057159424f,
    0.3231624364852905f,
    0.046261124312877655f,
    0.2656882703304291f,
    -1.5137650966644287f
  };

  @Test
  void ownFunctionsAreAsExactAsTheySay() {
    for (int i = 1; i <= 100_000; i++) {
      double x = i / 100_000.0;
      assertEquals(StrictMath.log(x), BoxMuller.ln(x), 2e-10);
      double angle = (2 * x - 1) * Math.PI / 4;
      assertEquals(StrictMath.sin(angle), BoxMuller.sin(angle), 2e-10);
      assertEquals(StrictMath.cos(angle), BoxMuller.cos(angle), 2e-10);
    }
    assertEquals(StrictMath.log(0x1p-32), BoxMuller.ln(0x1p-32), 2e-10);
    assertEquals(0, BoxMuller.ln(1));
  }

  @Test
  void theWholeCircleIsRight() {
    double[] z = new double[2];
    for (int i = 0; i < 4096; i++) {
      int word = i << 20;
      BoxMuller.pair(0x12345678, word, z, 0);
      double radius = Math.sqrt(-2 * Math.log((0x12345678 + 1.0) * 0x1p-32));
      double angle = 2 * Math.PI * i / 4096;
      assertEquals(radius * Math.cos(angle), z[0], 1e-9);
      assertEquals(radius * Math.sin(angle), z[1], 1e-9);
    }
  }

  private static double variance(Initializer initializer) {
    return new Moments(fill(initializer, MANY)).variance;
  }

  private static float[] fill(Initializer initializer, int count) {
    Parameter parameter = SampleNetwork.parameter("weight", Shape.of(count), initializer);
    return Initializers.fill(parameter, "conv.weight", 1);
  }

  /** Abramowitz and Stegun 26.2.17; its error of 7.5e-8 is far below the test's threshold. */
  private static double normalBelow(double x) {
    double t = 1 / (1 + 0.2316419 * Math.abs(x));
    double tail =
        Math.exp(-x * x / 2)
            / Math.sqrt(2 * Math.PI)
            * t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return x >= 0 ? 1 - tail : tail;
  }

  /** Moments of a sample, central ones divided by powers of the deviation. */
  private static final class Moments {
    final double mean;
    final double variance;
    final double skewness;
    final double kurtosis;

    Moments(float[] values) {
      double sum = 0;
      for (float value : values) {
        sum += value;
      }
      mean = sum / values.length;
      double second = 0;
      double third = 0;
      double fourth = 0;
      for (float value : values) {
        double d = value - mean;
        second += d * d;
        third += d * d * d;
        fourth += d * d * d * d;
      }
      variance = second / values.length;
      skewness = third / values.length / Math.pow(variance, 1.5);
      kurtosis = fourth / values.length / (variance * variance);
    }
  }
}
