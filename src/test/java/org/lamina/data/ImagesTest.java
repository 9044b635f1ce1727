package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.TestData;

class ImagesTest {

  private static final Path NAME = Path.of("picture");

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void losslessFormatsGiveEveryPixel(String format) {
    BufferedImage image = SamplePictures.noisy(37, 21, BufferedImage.TYPE_INT_RGB);
    assertSame(image, Images.decode(NAME, SamplePictures.encode(image, format)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "bmp"})
  void palettesAreLookedUp(String format) {
    BufferedImage image = SamplePictures.noisy(37, 21, BufferedImage.TYPE_BYTE_INDEXED);
    assertSame(image, Images.decode(NAME, SamplePictures.encode(image, format)));
    BufferedImage two = SamplePictures.noisy(37, 21, BufferedImage.TYPE_BYTE_BINARY);
    assertSame(two, Images.decode(NAME, SamplePictures.encode(two, format)));
  }

  @Test
  void transparencyIsDropped() {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00102030);
    byte[] rgb = Images.decode(NAME, SamplePictures.encode(image, "png")).rgb();
    assertArrayEquals(new byte[] {0x10, 0x20, 0x30}, rgb);
  }

  /** Grey must come as it is stored: ImageIO's own conversion to RGB would brighten it. */
  @Test
  void greyStaysAsDarkAsItIs() {
    BufferedImage gray = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 100);
    assertArrayEquals(
        new byte[] {100, 100, 100}, Images.decode(NAME, SamplePictures.encode(gray, "png")).rgb());
    BufferedImage deep = new BufferedImage(1, 1, BufferedImage.TYPE_USHORT_GRAY);
    deep.getRaster().setSample(0, 0, 0, 0xABCD);
    byte high = (byte) 0xAB;
    assertArrayEquals(
        new byte[] {high, high, high},
        Images.decode(NAME, SamplePictures.encode(deep, "png")).rgb());
  }

  /**
   * Expected by the formulas of JFIF and of Pillow for Adobe's inverted CMYK. In a YCCK file, 200
   * and neutral differences mean that 55 is stored for each ink.
   */
  @ParameterizedTest
  @CsvSource({
    "-1, '100', 100, 100, 100",
    "1, '150,128,128', 150, 150, 150",
    "1, '100,200,50', 0, 131, 228",
    "0, '100,200,50', 100, 200, 50",
    "0, '200,100,50,255', 200, 100, 50",
    "0, '200,100,50,128', 100, 50, 25",
    "2, '200,128,128,255', 55, 55, 55",
    "2, '200,128,128,100', 22, 22, 22",
  })
  void coloursFollowTheirTransform(int adobe, String samples, int red, int green, int blue) {
    String[] parts = samples.split(",");
    int[] stored = new int[parts.length];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = Integer.parseInt(parts[i]);
    }
    Picture picture = Images.decode(NAME, SamplePictures.plainJpeg(adobe, stored));
    assertEquals(16, picture.width());
    assertEquals(red, picture.rgb()[0] & 0xFF, 2);
    assertEquals(green, picture.rgb()[1] & 0xFF, 2);
    assertEquals(blue, picture.rgb()[2] & 0xFF, 2);
  }

  /** Against ImageIO's own conversion, which rounds its factors otherwise. */
  @Test
  void ordinaryJpegsAgreeWithImageIo() throws IOException {
    byte[] jpeg =
        SamplePictures.encode(SamplePictures.noisy(61, 43, BufferedImage.TYPE_INT_RGB), "jpeg");
    Picture picture = Images.decode(NAME, jpeg);
    BufferedImage expected = ImageIO.read(new ByteArrayInputStream(jpeg));
    for (int i = 0; i < picture.rgb().length; i++) {
      int pixel = expected.getRGB(i / 3 % 61, i / 3 / 61);
      assertEquals(pixel >> 16 - 8 * (i % 3) & 0xFF, picture.rgb()[i] & 0xFF, 1);
    }
  }

  /** Pixels as Pillow 12.3 decodes them. */
  @Test
  void photosAgreeWithPillow() {
    Picture espresso = Images.read(TestData.file("images/espresso.jpg"));
    assertEquals("400×266", espresso.toString());
    assertPixel(espresso, 0, 0, 51, 4, 0);
    assertPixel(espresso, 100, 200, 210, 149, 58);
    assertPixel(espresso, 150, 90, 205, 141, 67);
    assertPixel(espresso, 265, 399, 5, 0, 0);
    Picture cat = Images.read(TestData.file("images/cat.jpg"));
    assertEquals("480×360", cat.toString());
    assertPixel(cat, 0, 0, 26, 57, 49);
    assertPixel(cat, 150, 90, 98, 130, 45);
    assertPixel(cat, 359, 479, 184, 175, 158);
    assertEquals("787×259", Images.read(TestData.file("images/car.png")).toString());
  }

  private static void assertPixel(Picture picture, int y, int x, int... expected) {
    for (int c = 0; c < 3; c++) {
      int found = picture.rgb()[(y * picture.width() + x) * 3 + c] & 0xFF;
      assertTrue(Math.abs(expected[c] - found) <= 1, "pixel (" + y + ", " + x + "): " + found);
    }
  }

  private static void assertSame(BufferedImage expected, Picture found) {
    assertEquals(expected.getWidth(), found.width());
    assertEquals(expected.getHeight(), found.height());
    for (int i = 0; i < found.rgb().length; i++) {
      int pixel = expected.getRGB(i / 3 % found.width(), i / 3 / found.width());
      assertEquals((byte) (pixel >> 16 - 8 * (i % 3)), found.rgb()[i], "byte " + i);
    }
  }
}
