package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.lamina.data.AugmenterCases.DRAWS;
import static org.lamina.data.AugmenterCases.apply;
import static org.lamina.data.AugmenterCases.augmenter;
import static org.lamina.data.AugmenterCases.network;
import static org.lamina.data.AugmenterCases.ramp;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lamina.network.Augmentation;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;

/** What augmentation does to colours. */
final class VariationsTest {

  /** Colours along one line: the shift is along it, with the variance of the definition. */
  @Test
  void colorNoiseFollowsThePrincipalComponents() {
    PixelStatistics pixels = new PixelStatistics(3);
    byte[] line = new byte[3 * 101];
    for (int i = 0; i <= 100; i++) {
      line[3 * i] = (byte) (2 * i);
      line[3 * i + 1] = (byte) i;
      line[3 * i + 2] = (byte) (2 * i);
    }
    pixels.add(line);
    double eigenvalue = 9 * (101 * 101 - 1) / 12.0;
    assertEquals(eigenvalue, pixels.components().values()[0], 1e-6);
    assertEquals(0, pixels.components().values()[1], 1e-6);
    Network network = network(new Chw(3, 1, 1), List.of(), new Augmentation.PcaColor(0.5));
    Augmenter augmenter = Augmenter.of(network, Optional.of(pixels));
    double squares = 0;
    double sum = 0;
    for (int i = 0; i < DRAWS; i++) {
      float[] values = apply(augmenter, ramp(1, 1), i);
      assertEquals(values[0], 2 * values[1], 1e-3);
      assertEquals(values[0], values[2] - 100, 1e-3);
      double shift = 1.5 * values[0];
      sum += shift;
      squares += shift * shift;
    }
    double expected = 0.5 * eigenvalue / 255;
    assertEquals(0, sum / DRAWS, expected * 0.06);
    assertEquals(1, Math.sqrt(squares / DRAWS) / expected, 0.05);
    assertThrows(IllegalArgumentException.class, () -> Augmenter.of(network, Optional.empty()));
  }

  @Test
  void brightnessContrastAndSaturation() {
    Picture picture = new Picture(2, 1, new byte[] {100, 50, (byte) 200, 20, 40, 60});
    double[] range = {9, -9};
    for (int i = 0; i < DRAWS; i++) {
      float[] bright = apply(augmenter(1, 2, new Augmentation.Brightness(0.5)), picture, i);
      double factor = bright[0] / 100;
      range[0] = Math.min(range[0], factor);
      range[1] = Math.max(range[1], factor);
      assertEquals(Math.min(255, 200 * factor), bright[4], 1e-3);
      assertEquals(40 * factor, bright[3], 1e-3);
    }
    assertEquals(0.5, range[0], 0.01);
    assertEquals(1.5, range[1], 0.01);
    // Greys of the two pixels: 82.05 and 36.3.
    float[] contrast = apply(augmenter(1, 2, new Augmentation.Contrast(0.5)), picture, 3);
    double mean = (82.05 + 36.3) / 2;
    double factor = (contrast[0] - mean) / (100 - mean);
    assertEquals(mean + factor * (60 - mean), contrast[5], 1e-2);
    float[] saturation = apply(augmenter(1, 2, new Augmentation.Saturation(0.5)), picture, 4);
    factor = (saturation[0] - 82.05) / (100 - 82.05);
    assertEquals(82.05 + factor * (50 - 82.05), saturation[2], 1e-2);
    factor = (saturation[1] - 36.3) / (20 - 36.3);
    assertEquals(36.3 + factor * (60 - 36.3), saturation[5], 1e-2);
    assertNotEquals(100, saturation[0]);
  }

  @Test
  void greyPicturesHaveNoColours() {
    List<Preprocessing.Step> gray =
        List.of(new Preprocessing.Channels(Preprocessing.Channels.Order.GRAY));
    Network saturated = network(new Chw(1, 2, 2), gray, new Augmentation.Saturation(0.5));
    Network plain = network(new Chw(1, 2, 2), gray);
    assertArrayEquals(
        apply(Augmenter.of(plain, Optional.empty()), ramp(2, 2), 1),
        apply(Augmenter.of(saturated, Optional.empty()), ramp(2, 2), 1));
    Network noise = network(new Chw(1, 2, 2), gray, new Augmentation.PcaColor(0.1));
    assertThrows(
        NetworkException.class, () -> Augmenter.of(noise, Optional.of(new PixelStatistics(1))));
  }
}
