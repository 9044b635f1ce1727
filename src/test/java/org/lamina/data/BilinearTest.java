package org.lamina.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BilinearTest {

  /** Expected values: cv2.resize(src, (w, h), interpolation=cv2.INTER_LINEAR) of OpenCV 5.0.0. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,4 | 1,8 | 1 | 0,10,20,255 | 0,3,8,13,18,79,196,255",
        "1,8 | 1,3 | 1 | 0,50,100,150,200,250,30,90 | 42,175,40",
        "3,2 | 5,3 | 1 | 10,200,90,35,255,0 | 10,105,200,42,88,134,90,63,35,189,101,14,255,127,0",
        "3,2 | 2,1 | 1 | 10,200,90,35,255,0 | 94,111",
        "2,2 | 3,3 | 3 | 0,100,200,255,50,25,30,60,90,1,2,3 | 0,100,200,127,75,112,255,50,25,15,80,"
            + "145,72,53,80,128,26,14,30,60,90,15,31,46,1,2,3",
      })
  void bytesAreThoseOfOpenCv(String in, String out, int channels, String from, String expected) {
    int[] inHw = numbers(in);
    int[] outHw = numbers(out);
    byte[] resized =
        Bilinear.bytes(bytes(numbers(from)), channels, inHw[0], inHw[1], outHw[0], outHw[1]);
    assertArrayEquals(bytes(numbers(expected)), resized);
  }

  /** Likewise, of the pixels 0, 7, 14 … 238 in 7 rows. */
  @Test
  void bothWaysAtOnce() {
    byte[] from = new byte[35];
    for (int i = 0; i < from.length; i++) {
      from[i] = (byte) (7 * i);
    }
    assertArrayEquals(
        bytes(24, 33, 42, 50, 106, 115, 123, 132, 187, 196, 205, 214),
        Bilinear.bytes(from, 1, 7, 5, 3, 4));
    assertArrayEquals(
        bytes(5, 23, 29, 46, 56, 73, 83, 100, 110, 128, 137, 155, 165, 182, 192, 209, 215, 233),
        Bilinear.bytes(from, 1, 7, 5, 9, 2));
  }

  @Test
  void theSameExtentChangesNothing() {
    byte[] from = bytes(1, 2, 3, 250, 0, 255);
    assertArrayEquals(from, Bilinear.bytes(from, 1, 2, 3, 2, 3));
    float[] floats = {1.5f, -2, 3, 4, 5, 6};
    assertArrayEquals(floats, Bilinear.floats(floats, 1, 3, 2, 3, 2));
  }

  /** Worked out by hand: output columns lie at -1/4, 1/4, 3/4, 5/4 of [0, 10], rows likewise. */
  @Test
  void floatsAreNotRounded() {
    float[] from = {0, 10, 20, 40};
    float[] expected = {
      0, 2.5f, 7.5f, 10, 5, 8.125f, 14.375f, 17.5f, 15, 19.375f, 28.125f, 32.5f, 20, 25, 35, 40
    };
    assertArrayEquals(expected, Bilinear.floats(from, 1, 2, 2, 4, 4), 1e-5f);
    float[] twoPlanes = {0, 10, 20, 40, 100, 110, 120, 140};
    float[] both = Bilinear.floats(twoPlanes, 2, 2, 2, 4, 4);
    assertEquals(128.125f, both[16 + 10], 1e-5f);
  }

  private static int[] numbers(String list) {
    String[] parts = list.split(",");
    int[] numbers = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      numbers[i] = Integer.parseInt(parts[i].strip());
    }
    return numbers;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
