package org.lamina.data;

import java.util.Optional;
import org.lamina.network.Augmentation.Brightness;
import org.lamina.network.Augmentation.Contrast;
import org.lamina.network.Augmentation.Mirror;
import org.lamina.network.Augmentation.PcaColor;
import org.lamina.network.Augmentation.Rotate;
import org.lamina.network.Augmentation.Saturation;
import org.lamina.network.Augmentation.Step;
import org.lamina.network.Preprocessing.Channels.Order;

/** Augmentation of pictures that have the extent of the input, in place; values are 0 to 255. */
final class Variations {

  private static final float WHITE = 255;

  private Variations() {}

  /** Does one step. */
  static void apply(
      Step step,
      Stage.Floats picture,
      Numbers numbers,
      Optional<PixelStatistics.Components> colors) {
    float[] values = picture.values();
    if (step instanceof Mirror mirror) {
      if (numbers.uniform() < mirror.probability()) {
        mirror(values, picture.width());
      }
    } else if (step instanceof Rotate rotate) {
      rotate(picture, numbers.uniform(-rotate.degrees(), rotate.degrees()));
    } else if (step instanceof PcaColor pca) {
      addColor(picture, shift(pca, colors.orElseThrow(), numbers));
    } else if (step instanceof Brightness brightness) {
      blend(values, factor(brightness.amount(), numbers), 0);
    } else if (step instanceof Contrast contrast) {
      blend(values, factor(contrast.amount(), numbers), meanGray(picture));
    } else if (step instanceof Saturation saturation) {
      saturate(picture, factor(saturation.amount(), numbers));
    } else {
      throw new IllegalStateException("no rule for the step " + step);
    }
  }

  private static float factor(double amount, Numbers numbers) {
    return (float) numbers.uniform(1 - amount, 1 + amount);
  }

  /** Exchanges left and right in rows of a width. */
  static void mirror(float[] values, int width) {
    for (int row = 0; row < values.length; row += width) {
      for (int left = row, right = row + width - 1; left < right; left++, right--) {
        float swap = values[left];
        values[left] = values[right];
        values[right] = swap;
      }
    }
  }

  /** Moves every value away from {@code from}, by a factor, and keeps it from 0 to 255. */
  private static void blend(float[] values, float factor, float from) {
    for (int i = 0; i < values.length; i++) {
      values[i] = clamp(from + factor * (values[i] - from));
    }
  }

  private static float clamp(float value) {
    return Math.max(0, Math.min(WHITE, value));
  }

  /** ITU-R BT.601, in whatever order the channels are. */
  private static float gray(Stage.Floats picture, int pixel) {
    float[] values = picture.values();
    if (picture.order() == Order.GRAY) {
      return values[pixel];
    }
    int plane = picture.width() * picture.height();
    int red = picture.order() == Order.BGR ? 2 : 0;
    return 0.299f * values[red * plane + pixel]
        + 0.587f * values[plane + pixel]
        + 0.114f * values[(2 - red) * plane + pixel];
  }

  private static float meanGray(Stage.Floats picture) {
    int pixels = picture.width() * picture.height();
    double sum = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      sum += gray(picture, pixel);
    }
    return (float) (sum / pixels);
  }

  private static void saturate(Stage.Floats picture, float factor) {
    float[] values = picture.values();
    int pixels = picture.width() * picture.height();
    for (int pixel = 0; pixel < pixels && picture.order() != Order.GRAY; pixel++) {
      float gray = gray(picture, pixel);
      for (int i = pixel; i < values.length; i += pixels) {
        values[i] = clamp(gray + factor * (values[i] - gray));
      }
    }
  }

  /** Returns what is added to each channel; eigenvalues are those of colours from 0 to 1. */
  private static double[] shift(
      PcaColor pca, PixelStatistics.Components components, Numbers numbers) {
    double[] shift = new double[components.values().length];
    for (int i = 0; i < shift.length; i++) {
      double amount = pca.std() * numbers.normal() * components.values()[i] / WHITE;
      for (int c = 0; c < shift.length; c++) {
        shift[c] += amount * components.vectors()[i][c];
      }
    }
    return shift;
  }

  private static void addColor(Stage.Floats picture, double[] shift) {
    float[] values = picture.values();
    int pixels = picture.width() * picture.height();
    for (int i = 0; i < values.length; i++) {
      values[i] += (float) shift[i / pixels];
    }
  }

  /** Turns a picture around its middle by an angle in degrees. */
  private static void rotate(Stage.Floats picture, double degrees) {
    float[] from = picture.values().clone();
    int width = picture.width();
    int height = picture.height();
    double cos = StrictMath.cos(StrictMath.toRadians(degrees));
    double sin = StrictMath.sin(StrictMath.toRadians(degrees));
    double middleX = (width - 1) / 2.0;
    double middleY = (height - 1) / 2.0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double dx = x - middleX;
        double dy = y - middleY;
        double fromX = Math.max(0, Math.min(width - 1, middleX + cos * dx + sin * dy));
        double fromY = Math.max(0, Math.min(height - 1, middleY - sin * dx + cos * dy));
        for (int plane = 0; plane < from.length; plane += width * height) {
          picture.values()[plane + y * width + x] = mixed(from, plane, width, height, fromX, fromY);
        }
      }
    }
  }

  private static float mixed(float[] from, int plane, int width, int height, double x, double y) {
    int left = (int) x;
    int upper = (int) y;
    int right = Math.min(width - 1, left + 1);
    int lower = Math.min(height - 1, upper + 1);
    float across = (float) (x - left);
    float down = (float) (y - upper);
    float above =
        from[plane + upper * width + left] * (1 - across)
            + from[plane + upper * width + right] * across;
    float below =
        from[plane + lower * width + left] * (1 - across)
            + from[plane + lower * width + right] * across;
    return above * (1 - down) + below * down;
  }
}
