package org.lamina.data;

import java.util.List;
import java.util.Optional;
import org.lamina.network.Augmentation.Step;
import org.lamina.network.Network;
import org.lamina.network.Preprocessing;
import org.lamina.tensor.Chw;

/** Pictures and networks for tests of augmentation. */
final class AugmenterCases {

  /** How often something random is looked at. */
  static final int DRAWS = 4000;

  private AugmenterCases() {}

  /** Pixel (y, x) is (10 x, 10 y, 100). */
  static Picture ramp(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < width * height; i++) {
      rgb[3 * i] = (byte) (10 * (i % width));
      rgb[3 * i + 1] = (byte) (10 * (i / width));
      rgb[3 * i + 2] = 100;
    }
    return new Picture(width, height, rgb);
  }

  static Network network(Chw input, List<Preprocessing.Step> steps, Step... augment) {
    return AugmentedNetwork.of(input, steps, augment);
  }

  static Augmenter augmenter(int h, int w, Step... augment) {
    return Augmenter.of(network(new Chw(3, h, w), List.of(), augment), Optional.empty());
  }

  static float[] apply(Pipeline pipeline, Picture picture, int sample) {
    float[] values = new float[(int) pipeline.shape().volume() * pipeline.views()];
    pipeline.apply(picture, new SampleKey(11, 2, sample), values, 0);
    return values;
  }
}
