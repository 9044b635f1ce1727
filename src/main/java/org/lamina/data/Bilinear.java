package org.lamina.data;

/**
 * Bilinear resizing with the centres of pixels half a pixel inside: output pixel {@code o} lies at
 * {@code (o + 1/2) in / out - 1/2} of the input and mixes the two pixels around it. Shrinking does
 * not average: pixels between are skipped, as in OpenCV and Caffe's tools.
 *
 * <p>Pictures of bytes follow OpenCV's INTER_LINEAR to the bit: weights are rounded to 11 bits, the
 * columns are mixed exactly, the rows with the roundings of {@code VResizeLinear}. Source: {@code
 * resize.cpp} of OpenCV 4.
 */
final class Bilinear {

  private static final float ONE = 1 << 11;

  private Bilinear() {}

  /**
   * Where the output pixels of an axis lie.
   *
   * @param left index of the pixel before; may be -1 in rows, where both then are pixel 0
   * @param fraction how far towards the next pixel, in [0, 1)
   */
  private record Taps(int[] left, float[] fraction) {

    static Taps of(int in, int out) {
      // Two divisions, as OpenCV does it: they round differently from in / out.
      double scale = 1 / ((double) out / in);
      int[] left = new int[out];
      float[] fraction = new float[out];
      for (int o = 0; o < out; o++) {
        float at = (float) ((o + 0.5) * scale - 0.5);
        left[o] = (int) Math.floor(at);
        fraction[o] = at - left[o];
      }
      return new Taps(left, fraction);
    }

    /** Returns the weights of the pixel before and the one behind, in turn. */
    int[] weights() {
      int[] weights = new int[2 * left.length];
      for (int o = 0; o < left.length; o++) {
        weights[2 * o] = weight(1 - fraction[o]);
        weights[2 * o + 1] = weight(fraction[o]);
      }
      return weights;
    }

    /** Returns the taps with those beyond an edge moved to the pixel at the edge. */
    Taps inside(int in) {
      for (int o = 0; o < left.length; o++) {
        if (left[o] < 0 || left[o] >= in - 1) {
          left[o] = left[o] < 0 ? 0 : in - 1;
          fraction[o] = 0;
        }
      }
      return this;
    }
  }

  /**
   * Resizes interleaved bytes.
   *
   * @param from rows of pixels of {@code channels} unsigned bytes: [inH, inW, channels]
   * @return [outH, outW, channels]
   */
  static byte[] bytes(byte[] from, int channels, int inH, int inW, int outH, int outW) {
    byte[] to = new byte[Math.toIntExact((long) outH * outW * channels)];
    Taps columns = Taps.of(inW, outW).inside(inW);
    Taps rows = Taps.of(inH, outH);
    int[] weights = columns.weights();
    int width = outW * channels;
    int[][] mixed = new int[2][width];
    int[] held = {-1, -1};
    for (int y = 0; y < outH; y++) {
      int upper = clip(rows.left[y], inH);
      int lower = clip(rows.left[y] + 1, inH);
      int[] above = row(from, channels, inW, upper, columns, weights, mixed, held);
      int[] below = row(from, channels, inW, lower, columns, weights, mixed, held);
      int aboveWeight = weight(1 - rows.fraction[y]);
      int belowWeight = weight(rows.fraction[y]);
      for (int i = 0; i < width; i++) {
        int sum = (aboveWeight * (above[i] >> 4) >> 16) + (belowWeight * (below[i] >> 4) >> 16);
        to[y * width + i] = (byte) (sum + 2 >> 2);
      }
    }
    return to;
  }

  /** Returns a row with its columns mixed, in units of 1/2048; odd and even rows are remembered. */
  private static int[] row(
      byte[] from,
      int channels,
      int inW,
      int y,
      Taps columns,
      int[] weights,
      int[][] mixed,
      int[] held) {
    int[] row = mixed[y & 1];
    if (held[y & 1] == y) {
      return row;
    }
    held[y & 1] = y;
    int start = y * inW * channels;
    if (channels == Picture.CHANNELS) {
      colors(from, start, columns, weights, row);
      return row;
    }
    for (int x = 0; x < columns.left.length; x++) {
      int left = start + columns.left[x] * channels;
      int leftWeight = weights[2 * x];
      int rightWeight = weights[2 * x + 1];
      // Where the fraction is 0 the pixel to the right may not exist.
      int right = columns.fraction[x] == 0 ? left : left + channels;
      for (int c = 0; c < channels; c++) {
        row[x * channels + c] =
            (from[left + c] & 0xFF) * leftWeight + (from[right + c] & 0xFF) * rightWeight;
      }
    }
    return row;
  }

  /** The same for three channels, where the compiler sees how many there are. */
  private static void colors(byte[] from, int start, Taps columns, int[] weights, int[] row) {
    for (int x = 0; x < columns.left.length; x++) {
      int left = start + columns.left[x] * 3;
      int right = columns.fraction[x] == 0 ? left : left + 3;
      int before = weights[2 * x];
      int behind = weights[2 * x + 1];
      row[3 * x] = (from[left] & 0xFF) * before + (from[right] & 0xFF) * behind;
      row[3 * x + 1] = (from[left + 1] & 0xFF) * before + (from[right + 1] & 0xFF) * behind;
      row[3 * x + 2] = (from[left + 2] & 0xFF) * before + (from[right + 2] & 0xFF) * behind;
    }
  }

  private static int weight(float fraction) {
    return (int) Math.rint(fraction * ONE);
  }

  private static int clip(int index, int length) {
    return Math.max(0, Math.min(length - 1, index));
  }

  /**
   * Resizes planes of floats, without rounding.
   *
   * @param from [channels, inH, inW]
   * @return [channels, outH, outW]
   */
  static float[] floats(float[] from, int channels, int inH, int inW, int outH, int outW) {
    float[] to = new float[Math.toIntExact((long) channels * outH * outW)];
    Taps columns = Taps.of(inW, outW).inside(inW);
    Taps rows = Taps.of(inH, outH).inside(inH);
    for (int i = 0; i < to.length; i++) {
      int x = i % outW;
      int y = i / outW % outH;
      int left = columns.left[x];
      int right = Math.min(left + 1, inW - 1);
      int upper = (i / outW / outH * inH + rows.left[y]) * inW;
      int lower = rows.left[y] + 1 < inH ? upper + inW : upper;
      float across = columns.fraction[x];
      float above = from[upper + left] * (1 - across) + from[upper + right] * across;
      float below = from[lower + left] * (1 - across) + from[lower + right] * across;
      to[i] = above * (1 - rows.fraction[y]) + below * rows.fraction[y];
    }
    return to;
  }
}
