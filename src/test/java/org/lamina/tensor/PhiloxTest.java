package org.lamina.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class PhiloxTest {

  /** The known answers that come with Random123 1.14 (file kat_vectors, philox4x32 10). */
  @Test
  void givesTheKnownAnswersOfItsAuthors() {
    assertEquals("6627e8d5 e169c58d bc57ac4c 9b00dbd8", block(0, 0, 0));
    assertEquals("408f276d 41c83b0e a20bc7c6 6d5451fd", block(-1, -1, -1));
    assertEquals(
        "d16cfe09 94fdcceb 5001e420 24126ea1",
        block(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3243f6a88L));
  }

  @Test
  void streamsOfDifferentNamesDiffer() {
    assertEquals(0xCBF29CE484222325L, Philox.stream(""));
    assertNotEquals(Philox.stream("conv1.weight"), Philox.stream("conv2.weight"));
    assertNotEquals(Philox.stream("ab"), Philox.stream("ba"));
  }

  private static String block(long key, long stream, long index) {
    int[] words = new int[Philox.WORDS];
    Philox.block(key, stream, index, words);
    return "%08x %08x %08x %08x".formatted(words[0], words[1], words[2], words[3]);
  }
}
