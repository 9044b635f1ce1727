package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamina.TestData;
import org.lamina.layer.Relu;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;
import org.lamina.network.Preprocessing;
import org.lamina.network.Preprocessing.CenterCrop;
import org.lamina.network.Preprocessing.Channels;
import org.lamina.network.Preprocessing.Channels.Order;
import org.lamina.network.Preprocessing.Mean;
import org.lamina.network.Preprocessing.Resize;
import org.lamina.network.Preprocessing.ResizeShorter;
import org.lamina.network.Preprocessing.Scale;
import org.lamina.network.Preprocessing.Std;
import org.lamina.network.Preprocessing.Step;
import org.lamina.tensor.Chw;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;

class PreprocessorTest {

  /** Two pixels: (10, 20, 30) and (200, 100, 50). */
  private static final Picture PAIR =
      new Picture(2, 1, new byte[] {10, 20, 30, (byte) 200, 100, 50});

  private static final Channels BGR = new Channels(Order.BGR);
  private static final Channels GRAY = new Channels(Order.GRAY);

  @Test
  void planesFollowTheOrderOfTheChannels() {
    assertArrayEquals(new float[] {10, 200, 20, 100, 30, 50}, apply(3, 1, 2, PAIR, new Scale(1)));
    assertArrayEquals(new float[] {30, 50, 20, 100, 10, 200}, apply(3, 1, 2, PAIR, BGR));
    assertArrayEquals(
        new float[] {10, 200, 20, 100, 30, 50}, apply(3, 1, 2, PAIR, BGR, new Channels(Order.RGB)));
  }

  /** 0.299·10 + 0.587·20 + 0.114·30 = 18.15; 0.299·200 + 0.587·100 + 0.114·50 = 124.2. */
  @Test
  void greyIsWeighted() {
    assertArrayEquals(new float[] {18, 124}, apply(1, 1, 2, PAIR, GRAY));
    assertArrayEquals(new float[] {18, 124}, apply(1, 1, 2, PAIR, BGR, GRAY));
    assertArrayEquals(
        new float[] {18.15f, 124.2f}, apply(1, 1, 2, PAIR, new Scale(1), GRAY), 1e-4f);
    assertArrayEquals(
        new float[] {18.15f, 124.2f}, apply(1, 1, 2, PAIR, new Scale(1), BGR, GRAY), 1e-4f);
  }

  @Test
  void scaleMeanAndStdActPerChannelInTheirOrderAtThatStep() {
    assertArrayEquals(
        new float[] {29, 49, 18, 98, 7, 197},
        apply(3, 1, 2, PAIR, BGR, new Mean(List.of(1.0, 2.0, 3.0))));
    assertArrayEquals(
        new float[] {9, 199, 19, 99, 29, 49}, apply(3, 1, 2, PAIR, new Mean(List.of(1.0))));
    assertArrayEquals(
        new float[] {0.1f, 2, 0.1f, 0.5f, 0.1f, 0.5f / 3},
        apply(3, 1, 2, PAIR, new Scale(0.1), new Std(List.of(10.0, 20.0, 30.0))),
        1e-6f);
  }

  @Test
  void bytesAreRoundedWhenResizedAndFractionsAreNot() {
    assertArrayEquals(new float[] {105, 60, 40}, apply(3, 1, 1, PAIR, new Resize(1, 1)));
    Picture odd = new Picture(2, 1, new byte[] {0, 0, 0, 1, 3, 5});
    assertArrayEquals(new float[] {1, 2, 3}, apply(3, 1, 1, odd, new Resize(1, 1)), "halves go up");
    assertArrayEquals(
        new float[] {0.5f, 1.5f, 2.5f}, apply(3, 1, 1, odd, new Scale(1), new Resize(1, 1)));
  }

  /** A picture of 5×3 whose red is its column and green its row, cropped from (0, 1). */
  @Test
  void cropsTheMiddleRoundedDown() {
    byte[] rgb = new byte[45];
    for (int i = 0; i < 15; i++) {
      rgb[3 * i] = (byte) (i % 5);
      rgb[3 * i + 1] = (byte) (i / 5);
    }
    Picture picture = new Picture(5, 3, rgb);
    float[] expected = {1, 2, 1, 2, 0, 0, 1, 1, 0, 0, 0, 0};
    assertArrayEquals(expected, apply(3, 2, 2, picture, new CenterCrop(2, 2)));
    assertArrayEquals(expected, apply(3, 2, 2, picture, new Scale(1), new CenterCrop(2, 2)));
  }

  @Test
  void theShorterSideSetsTheScale() {
    Picture wide = new Picture(401, 200, new byte[401 * 200 * 3]);
    Network network = network(new Chw(3, 100, 200), new ResizeShorter(100));
    assertEquals(60_000, Preprocessor.of(network).apply(wide).length);
    Picture tall = new Picture(200, 401, new byte[401 * 200 * 3]);
    ImageException e =
        assertThrows(ImageException.class, () -> Preprocessor.of(network).apply(tall));
    assertEquals(
        "the picture of 200×401 pixels becomes 3×200×100, but the network takes 3×100×200; end"
            + " with a resize or a center_crop",
        e.getMessage());
    Picture strip = new Picture(100_000, 1, new byte[300_000]);
    assertTrue(
        assertThrows(ImageException.class, () -> Preprocessor.of(network).apply(strip))
            .getMessage()
            .startsWith("resize_shorter: 100 makes 10000000×100 of 100000×1 pixels"));
  }

  @Test
  void thePictureStaysAsItIs() {
    byte[] before = PAIR.rgb().clone();
    apply(3, 1, 2, PAIR, BGR, new Mean(List.of(5.0)));
    assertArrayEquals(before, PAIR.rgb());
  }

  @Test
  void stepsThatCannotLeadToTheInputAreRefusedBeforeAnyPicture() {
    assertRefused(
        "the steps end with 28 rows and 28 columns, but the input 3×32×32 has 32 and 32",
        new Chw(3, 32, 32),
        new Resize(28, 28));
    assertRefused(
        "the steps end with 3 channels, but the input 1×28×28 has 1; add 'channels: gray'",
        new Chw(1, 28, 28),
        new Resize(28, 28));
    assertRefused(
        "center_crop keeps 30 rows and 30 columns, but there are only 28 and 28",
        new Chw(3, 30, 30),
        new Resize(28, 28),
        new CenterCrop(30, 30));
    assertRefused(
        "mean has 2 values, but there are 3 channels; give one value, or one for each",
        new Chw(3, 28, 28),
        new Mean(List.of(1.0, 2.0)));
    assertRefused(
        "std has 3 values, but there are 1 channels; give one value, or one for each",
        new Chw(1, 28, 28),
        GRAY,
        new Std(List.of(1.0, 2.0, 3.0)));
    assertRefused("channels cannot make colours of grey again", new Chw(3, 1, 1), GRAY, BGR);
    assertRefused(
        "network 'test' does not say how a picture becomes its input; give it steps such as resize"
            + " and mean",
        new Chw(3, 1, 1));
  }

  @Test
  void aPictureTooSmallForTheCropIsRefused() {
    Network network = network(new Chw(3, 2, 2), new CenterCrop(2, 2));
    ImageException e =
        assertThrows(ImageException.class, () -> Preprocessor.of(network).apply(PAIR));
    assertEquals(
        "center_crop of 2×2 pixels does not fit the picture, which has 2×1 there; resize first",
        e.getMessage());
  }

  /** Against cv2.resize of what Pillow decodes, at three pixels. */
  @Test
  void anImageNetPhotoBecomesWhatCaffesToolsMakeOfIt() {
    Network network = squeezeNet();
    float[] values = Preprocessor.of(network).read(TestData.file("images/espresso.jpg"));
    int plane = 227 * 227;
    int middle = 113 * 227 + 113;
    assertEquals(165 - 104, values[middle], 1);
    assertEquals(209 - 117, values[plane + middle], 1);
    assertEquals(244 - 123, values[2 * plane + middle], 1);
    assertEquals(0 - 104, values[0], 1);
    assertEquals(53 - 123, values[2 * plane], 1);
  }

  /**
   * Caffe's recorded input is the same photo, resized by other software and less the mean picture
   * instead of three numbers: alike, not equal. A wrong order of channels or crop would show.
   */
  @Test
  void caffesOwnInputIsAlike() {
    float[] ours = Preprocessor.of(squeezeNet()).read(TestData.file("images/espresso.jpg"));
    try (Safetensors file =
        Safetensors.open(TestData.file("models/squeezenet-1.0.activations.safetensors"))) {
      Tensor caffe = file.read("data").orElseThrow();
      int plane = 227 * 227;
      for (int c = 0; c < 3; c++) {
        float[] a = Arrays.copyOfRange(ours, c * plane, (c + 1) * plane);
        float[] b = Arrays.copyOfRange(caffe.values(), c * plane, (c + 1) * plane);
        assertEquals(mean(b), mean(a), 0.5);
        double correlation = covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
        assertTrue(correlation > 0.99, "correlation " + correlation);
      }
    }
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double covariance(float[] a, float[] b) {
    double meanA = mean(a);
    double meanB = mean(b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - meanA) * (b[i] - meanB);
    }
    return sum / a.length;
  }

  private static Network squeezeNet() {
    return network(
        new Chw(3, 227, 227), new Resize(227, 227), BGR, new Mean(List.of(104.0, 117.0, 123.0)));
  }

  private static float[] apply(int c, int h, int w, Picture picture, Step... steps) {
    return Preprocessor.of(network(new Chw(c, h, w), steps)).apply(picture);
  }

  private static void assertRefused(String message, Chw input, Step... steps) {
    NetworkException e =
        assertThrows(NetworkException.class, () -> Preprocessor.of(network(input, steps)));
    assertEquals(message, e.getMessage());
    assertEquals("preprocess", e.parameter());
  }

  private static Network network(Chw input, Step... steps) {
    return Network.of(
        "test",
        Map.of("data", input),
        List.of(Network.Entry.of("relu", new Relu(), "data")),
        new Preprocessing(new ArrayList<>(List.of(steps))));
  }
}
