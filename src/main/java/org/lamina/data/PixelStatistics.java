package org.lamina.data;

import java.util.Arrays;

/**
 * What the pixels of a data set are like, from 0 to 255, channel by channel. Sums are whole
 * numbers, so that the order in which pictures are added changes nothing.
 */
public final class PixelStatistics {

  private final int channels;
  private final long[] sums;
  private final long[] products;
  private long pixels;

  /** Starts with no pixels of so many channels. */
  public PixelStatistics(int channels) {
    this.channels = channels;
    sums = new long[channels];
    products = new long[channels * channels];
  }

  /**
   * Adds pixels.
   *
   * @param values unsigned bytes, [pixels, channels]
   */
  public void add(byte[] values) {
    for (int at = 0; at < values.length; at += channels) {
      for (int a = 0; a < channels; a++) {
        int value = values[at + a] & 0xFF;
        sums[a] += value;
        for (int b = 0; b <= a; b++) {
          products[a * channels + b] += value * (values[at + b] & 0xFF);
        }
      }
    }
    pixels += values.length / channels;
  }

  /** Adds what others have counted. */
  public void add(PixelStatistics other) {
    Arrays.setAll(sums, i -> sums[i] + other.sums[i]);
    Arrays.setAll(products, i -> products[i] + other.products[i]);
    pixels += other.pixels;
  }

  /** Returns the number of channels. */
  public int channels() {
    return channels;
  }

  /** Returns the number of pixels. */
  public long pixels() {
    return pixels;
  }

  /** Returns the mean of a channel; 0 if there are no pixels. */
  public double mean(int channel) {
    return sums[channel] / (double) Math.max(1, pixels);
  }

  /** Returns the standard deviation of a channel. */
  public double std(int channel) {
    return Math.sqrt(covariance(channel, channel));
  }

  /** Returns the covariance of two channels: {@code mean(x y) - mean(x) mean(y)}. */
  public double covariance(int a, int b) {
    double mean =
        products[Math.max(a, b) * channels + Math.min(a, b)] / (double) Math.max(1, pixels);
    return mean - mean(a) * mean(b);
  }

  /**
   * Returns the principal components of the colours: the eigenvectors of the covariance matrix,
   * largest eigenvalue first. A vector's component that is largest by amount is positive.
   */
  public Components components() {
    double[][] matrix = new double[channels][channels];
    for (int a = 0; a < channels; a++) {
      for (int b = 0; b < channels; b++) {
        matrix[a][b] = covariance(a, b);
      }
    }
    return Components.of(matrix);
  }

  /**
   * Eigenvalues and eigenvectors of a symmetric matrix.
   *
   * @param values the eigenvalues, largest first
   * @param vectors the eigenvectors of length 1, by eigenvalue
   */
  public record Components(double[] values, double[][] vectors) {

    private static final int SWEEPS = 60;

    /** Computes them by Jacobi's rotations. */
    static Components of(double[][] symmetric) {
      int n = symmetric.length;
      double[][] a = new double[n][];
      double[][] v = new double[n][n];
      for (int i = 0; i < n; i++) {
        a[i] = symmetric[i].clone();
        v[i][i] = 1;
      }
      for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (int p = 0; p < n; p++) {
          for (int q = p + 1; q < n; q++) {
            rotate(a, v, p, q);
          }
        }
      }
      return sorted(a, v);
    }

    private static void rotate(double[][] a, double[][] v, int p, int q) {
      if (Math.abs(a[p][q]) < Double.MIN_NORMAL) {
        return;
      }
      double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
      double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
      double cos = 1 / Math.sqrt(t * t + 1);
      double sin = t * cos;
      for (int k = 0; k < a.length; k++) {
        double left = a[k][p];
        double right = a[k][q];
        a[k][p] = cos * left - sin * right;
        a[k][q] = sin * left + cos * right;
      }
      for (int k = 0; k < a.length; k++) {
        double upper = a[p][k];
        double lower = a[q][k];
        a[p][k] = cos * upper - sin * lower;
        a[q][k] = sin * upper + cos * lower;
        double left = v[k][p];
        double right = v[k][q];
        v[k][p] = cos * left - sin * right;
        v[k][q] = sin * left + cos * right;
      }
    }

    private static Components sorted(double[][] a, double[][] v) {
      int n = a.length;
      Integer[] order = new Integer[n];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (i, j) -> Double.compare(a[j][j], a[i][i]));
      double[] values = new double[n];
      double[][] vectors = new double[n][n];
      for (int i = 0; i < n; i++) {
        int column = order[i];
        values[i] = Math.max(0, a[column][column]);
        double largest = 0;
        for (int k = 0; k < n; k++) {
          vectors[i][k] = v[k][column];
          largest = Math.abs(vectors[i][k]) > Math.abs(largest) + 1e-12 ? vectors[i][k] : largest;
        }
        for (int k = 0; k < n; k++) {
          vectors[i][k] = largest < 0 ? -vectors[i][k] : vectors[i][k];
        }
      }
      return new Components(values, vectors);
    }
  }
}
