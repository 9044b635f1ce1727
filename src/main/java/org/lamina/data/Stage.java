package org.lamina.data;

import java.util.Arrays;
import java.util.List;
import org.lamina.network.Preprocessing.Channels.Order;

/**
 * A picture on its way to a network, never changed: bytes as long as every value is one, then
 * floats.
 */
sealed interface Stage {

  /** Columns. */
  int width();

  /** Rows. */
  int height();

  /** Which channels there are, in which order. */
  Order order();

  /** Scales to an extent; bilinear. */
  Stage resize(int height, int width);

  /** Keeps the part that begins at a row and a column. */
  Stage crop(int top, int left, int height, int width);

  /** Adds so many rows and columns on every side, all channels of a value from 0 to 255. */
  Stage pad(int pixels, int value);

  /** Orders the channels, or mixes them to grey; grey stays grey. */
  Stage reorder(Order order);

  /** Returns the values as floats, a plane per channel. */
  Floats floats();

  /** Returns the number of channels of an order. */
  static int channels(Order order) {
    return order == Order.GRAY ? 1 : 3;
  }

  /** Returns where red, green and blue stand. */
  private static int[] places(Order order) {
    return order == Order.BGR ? new int[] {2, 1, 0} : new int[] {0, 1, 2};
  }

  /**
   * A picture of unsigned bytes.
   *
   * @param values [height, width, channels]
   */
  record Bytes(int width, int height, Order order, byte[] values) implements Stage {

    @Override
    public Stage resize(int outH, int outW) {
      byte[] resized = Bilinear.bytes(values, channels(order), height, width, outH, outW);
      return new Bytes(outW, outH, order, resized);
    }

    @Override
    public Stage crop(int top, int left, int outH, int outW) {
      int channels = channels(order);
      byte[] kept = new byte[outH * outW * channels];
      for (int y = 0; y < outH; y++) {
        int from = ((top + y) * width + left) * channels;
        System.arraycopy(values, from, kept, y * outW * channels, outW * channels);
      }
      return new Bytes(outW, outH, order, kept);
    }

    @Override
    public Stage pad(int pixels, int value) {
      int channels = channels(order);
      int outW = width + 2 * pixels;
      int outH = height + 2 * pixels;
      byte[] padded = new byte[Math.multiplyExact(Math.multiplyExact(outH, outW), channels)];
      Arrays.fill(padded, (byte) value);
      for (int y = 0; y < height; y++) {
        int to = ((y + pixels) * outW + pixels) * channels;
        System.arraycopy(values, y * width * channels, padded, to, width * channels);
      }
      return new Bytes(outW, outH, order, padded);
    }

    @Override
    public Stage reorder(Order to) {
      if (to == order || order == Order.GRAY) {
        return this;
      }
      int[] place = places(order);
      byte[] changed = new byte[width * height * channels(to)];
      for (int pixel = 0; pixel < width * height; pixel++) {
        if (to == Order.GRAY) {
          changed[pixel] = gray(3 * pixel, place);
        } else {
          for (int c = 0; c < 3; c++) {
            changed[3 * pixel + c] = values[3 * pixel + 2 - c];
          }
        }
      }
      return new Bytes(width, height, to, changed);
    }

    /** Rounded to the nearest by 16-bit weights, as Pillow does it. */
    private byte gray(int at, int[] place) {
      int red = values[at + place[0]] & 0xFF;
      int green = values[at + place[1]] & 0xFF;
      int blue = values[at + place[2]] & 0xFF;
      return (byte) (19595 * red + 38470 * green + 7471 * blue + 32768 >> 16);
    }

    @Override
    public Floats floats() {
      int channels = channels(order);
      int pixels = width * height;
      float[] planes = new float[channels * pixels];
      for (int c = 0; c < channels; c++) {
        for (int pixel = 0; pixel < pixels; pixel++) {
          planes[c * pixels + pixel] = values[pixel * channels + c] & 0xFF;
        }
      }
      return new Floats(width, height, order, planes);
    }
  }

  /**
   * A picture of floats.
   *
   * @param values [channels, height, width]
   */
  record Floats(int width, int height, Order order, float[] values) implements Stage {

    @Override
    public Stage resize(int outH, int outW) {
      float[] resized = Bilinear.floats(values, channels(order), height, width, outH, outW);
      return new Floats(outW, outH, order, resized);
    }

    @Override
    public Stage crop(int top, int left, int outH, int outW) {
      int channels = channels(order);
      float[] kept = new float[channels * outH * outW];
      for (int row = 0; row < channels * outH; row++) {
        int from = (row / outH * height + top + row % outH) * width + left;
        System.arraycopy(values, from, kept, row * outW, outW);
      }
      return new Floats(outW, outH, order, kept);
    }

    @Override
    public Stage pad(int pixels, int value) {
      int outW = width + 2 * pixels;
      int outH = height + 2 * pixels;
      float[] padded =
          new float[Math.multiplyExact(Math.multiplyExact(outH, outW), channels(order))];
      Arrays.fill(padded, value);
      for (int row = 0; row < channels(order) * height; row++) {
        int to = (row / height * outH + row % height + pixels) * outW + pixels;
        System.arraycopy(values, row * width, padded, to, width);
      }
      return new Floats(outW, outH, order, padded);
    }

    @Override
    public Stage reorder(Order to) {
      if (to == order || order == Order.GRAY) {
        return this;
      }
      int[] place = places(order);
      int pixels = width * height;
      float[] changed = new float[channels(to) * pixels];
      for (int i = 0; i < changed.length; i++) {
        int pixel = i % pixels;
        changed[i] =
            to == Order.GRAY
                ? 0.299f * values[place[0] * pixels + pixel]
                    + 0.587f * values[place[1] * pixels + pixel]
                    + 0.114f * values[place[2] * pixels + pixel]
                : values[(2 - i / pixels) * pixels + pixel];
      }
      return new Floats(width, height, to, changed);
    }

    @Override
    public Floats floats() {
      return this;
    }

    /** Returns every value times a factor. */
    Floats times(double factor) {
      float[] scaled = new float[values.length];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (float) (values[i] * factor);
      }
      return new Floats(width, height, order, scaled);
    }

    /** Returns every value less that of its channel, or less the only one. */
    Floats minus(List<Double> means) {
      float[] shifted = new float[values.length];
      int pixels = width * height;
      for (int plane = 0; plane < values.length; plane += pixels) {
        double mean = ofChannel(means, plane / pixels);
        for (int i = plane; i < plane + pixels; i++) {
          shifted[i] = (float) (values[i] - mean);
        }
      }
      return new Floats(width, height, order, shifted);
    }

    /** Returns every value divided by that of its channel, or by the only one. */
    Floats over(List<Double> deviations) {
      float[] divided = new float[values.length];
      int pixels = width * height;
      for (int plane = 0; plane < values.length; plane += pixels) {
        double deviation = ofChannel(deviations, plane / pixels);
        for (int i = plane; i < plane + pixels; i++) {
          divided[i] = (float) (values[i] / deviation);
        }
      }
      return new Floats(width, height, order, divided);
    }

    private static double ofChannel(List<Double> perChannel, int channel) {
      return perChannel.get(perChannel.size() == 1 ? 0 : channel);
    }
  }
}
