package org.lamina.tensor;

/**
 * Random numbers that are a function of their place: Philox4x32-10.
 *
 * <p>A block of four 32-bit words is the counter, encrypted in ten rounds under the key. There is
 * no state, so whoever needs number {@code i} of a stream computes it, on any thread and in any
 * order.
 *
 * <p>Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11),
 * section 3.3.
 */
public final class Philox {

  /** Words in a block. */
  public static final int WORDS = 4;

  private static final int ROUNDS = 10;
  private static final long MULTIPLIER_0 = 0xD2511F53L;
  private static final long MULTIPLIER_1 = 0xCD9E8D57L;
  private static final int WEYL_0 = 0x9E3779B9;
  private static final int WEYL_1 = 0xBB67AE85;
  private static final long LOW = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * Computes one block.
   *
   * @param key what separates one user's numbers from another's: the seed
   * @param stream the upper half of the counter: one of 2^64 independent streams
   * @param index the lower half of the counter: the place of the block in its stream
   * @param words receives the block's words in elements 0 to 3; all 2^32 values are equally likely
   */
  public static void block(long key, long stream, long index, int[] words) {
    int key0 = (int) key;
    int key1 = (int) (key >>> 32);
    int c0 = (int) index;
    int c1 = (int) (index >>> 32);
    int c2 = (int) stream;
    int c3 = (int) (stream >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      long product0 = MULTIPLIER_0 * (c0 & LOW);
      long product1 = MULTIPLIER_1 * (c2 & LOW);
      c0 = (int) (product1 >>> 32) ^ c1 ^ key0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ key1;
      c3 = (int) product0;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
  }

  /**
   * Returns a number for a stream's name: the 64-bit FNV-1a hash of its UTF-16 code units, the
   * lower byte of each first.
   */
  public static long stream(String name) {
    long hash = 0xCBF29CE484222325L;
    for (int i = 0; i < name.length(); i++) {
      char unit = name.charAt(i);
      hash = (hash ^ (unit & 0xFF)) * 0x100000001B3L;
      hash = (hash ^ (unit >>> 8)) * 0x100000001B3L;
    }
    return hash;
  }
}
