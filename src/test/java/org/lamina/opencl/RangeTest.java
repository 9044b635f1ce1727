package org.lamina.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Rounding and checks of launch sizes, and what macros become. */
final class RangeTest {

  @Test
  void coverRoundsUpToWholeGroups() {
    assertEquals(new Range(16, 8, 3, 8, 4, 1, 0), Range.cover(9, 8, 3, 8, 4, 1));
    assertEquals("16 x 8 x 3 in groups of 8 x 4 x 1", Range.cover(9, 8, 3, 8, 4, 1).toString());
    assertEquals("9 x 8 x 3", Range.of(9, 8, 3).toString());
    assertEquals(32, Range.cover(9, 8, 3, 8, 4, 1).group());
  }

  @Test
  void moreGroupsThanDevicesTakeComeInParts() {
    assertEquals(List.of(Range.of(4, 1, 65_535)), Range.of(4, 1, 65_535).parts());
    assertEquals(
        List.of(new Range(8, 1, 131_070, 8, 1, 2, 0), new Range(8, 1, 68_930, 8, 1, 2, 131_070)),
        Range.cover(8, 1, 200_000, 8, 1, 2).parts());
  }

  @Test
  void emptyRangesAndGroupsThatDoNotFitAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Range.of(1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> Range.cover(0, 1, 1, 4, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> Range.cover(1, 1, 1, 4, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Range(9, 1, 1, 8, 1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Range(8, 1, 1, 8, 0, 0, 0));
  }

  @Test
  void macrosKeepTheirOrderAndRefuseWhatNeedsQuotes() {
    Macros macros =
        Macros.none().size("IN", 3, 4).define("REAL", "float4").flag("BIAS", true).define("N", -1);
    assertEquals("-DIN_H=3 -DIN_W=4 -DREAL=float4 -DBIAS=1 -DN=-1", macros.toString());
    assertEquals("", Macros.none().toString());
    assertThrows(IllegalArgumentException.class, () -> macros.define("IN_H", 3));
    assertThrows(IllegalArgumentException.class, () -> macros.define("A B", 3));
    assertThrows(IllegalArgumentException.class, () -> macros.define("A", "1 -DB"));
    assertThrows(IllegalArgumentException.class, () -> macros.define("A", ""));
  }
}
