package org.lamina.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HalfTest {

  @Test
  void widensKnownPatterns() {
    assertEquals(1f, Half.toFloat((short) 0x3C00));
    assertEquals(-2f, Half.toFloat((short) 0xC000));
    assertEquals(65504f, Half.toFloat((short) 0x7BFF));
    assertEquals(0x1p-24f, Half.toFloat((short) 0x0001));
    assertEquals(0x1p-14f, Half.toFloat((short) 0x0400));
    assertEquals(Float.NEGATIVE_INFINITY, Half.toFloat((short) 0xFC00));
    assertTrue(Float.isNaN(Half.toFloat((short) 0x7E01)));
    assertEquals(-0f, Half.toFloat((short) 0x8000));
    assertEquals(1f, Half.bfloatToFloat((short) 0x3F80));
    assertEquals(-3.140625f, Half.bfloatToFloat((short) 0xC049));
  }

  @Test
  void everyHalfSurvivesTheRoundTrip() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = Half.toFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Half.fromFloat(value), Integer.toHexString(bits));
      }
      float wide = Half.bfloatToFloat((short) bits);
      if (!Float.isNaN(wide)) {
        assertEquals((short) bits, Half.bfloatFromFloat(wide), Integer.toHexString(bits));
      }
    }
  }

  /** Between two neighbours: below the middle down, above it up, in the middle to the even one. */
  @Test
  void roundsToTheNearestEven() {
    for (int bits = 0; bits < 0x7BFF; bits++) {
      double low = Half.toFloat((short) bits);
      double high = Half.toFloat((short) (bits + 1));
      float middle = (float) ((low + high) / 2);
      assertEquals(bits + (bits & 1), Half.fromFloat(middle) & 0xFFFF);
      assertEquals(bits, Half.fromFloat(Math.nextDown(middle)) & 0xFFFF);
      assertEquals(bits + 1, Half.fromFloat(Math.nextUp(middle)) & 0xFFFF);
    }
  }

  @Test
  void overflowsToInfinityAndKeepsNaN() {
    assertEquals((short) 0x7BFF, Half.fromFloat(65519.996f));
    assertEquals((short) 0x7C00, Half.fromFloat(65520f));
    assertEquals((short) 0xFC00, Half.fromFloat(Float.NEGATIVE_INFINITY));
    assertTrue(Float.isNaN(Half.toFloat(Half.fromFloat(Float.NaN))));
    assertTrue(Float.isNaN(Half.bfloatToFloat(Half.bfloatFromFloat(Float.NaN))));
    assertEquals(
        Float.POSITIVE_INFINITY, Half.bfloatToFloat(Half.bfloatFromFloat(Float.MAX_VALUE)));
    assertEquals(0x3F82, Half.bfloatFromFloat(Float.intBitsToFloat(0x3F818000)));
    assertEquals(0x3F80, Half.bfloatFromFloat(Float.intBitsToFloat(0x3F808000)));
  }
}
