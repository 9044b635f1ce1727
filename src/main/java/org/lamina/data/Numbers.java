package org.lamina.data;

import org.lamina.tensor.Philox;

/**
 * The random numbers of one operation on one sample: Philox under the seed, the operation as the
 * stream, epoch and sample as the place in it.
 */
public final class Numbers {

  private final long seed;
  private final long stream;
  private final long index;
  private final int[] words = new int[Philox.WORDS];
  private int block;
  private int next = Philox.WORDS;

  private Numbers(long seed, long stream, long index) {
    this.seed = seed;
    this.stream = stream;
    this.index = index;
  }

  /**
   * Returns the numbers of an operation.
   *
   * @param stream a number for the operation, see {@link Philox#stream}
   */
  public static Numbers of(SampleKey key, long stream) {
    return new Numbers(
        key.seed(), stream, (long) key.epoch() << Integer.SIZE | key.sample() & 0xFFFFFFFFL);
  }

  /** Returns 32 random bits. */
  public int bits() {
    if (next == Philox.WORDS) {
      Philox.block(seed, stream + block, index, words);
      block++;
      next = 0;
    }
    return words[next++];
  }

  /** Returns a number in [0, 1), a multiple of 2^-32. */
  public double uniform() {
    return (bits() & 0xFFFFFFFFL) * 0x1p-32;
  }

  /** Returns a number in [from, to). */
  public double uniform(double from, double to) {
    return from + (to - from) * uniform();
  }

  /**
   * Returns a whole number from 0 to {@code bound - 1}: {@code floor(word * bound / 2^32)}, whose
   * probabilities differ by at most {@code 2^-32}.
   *
   * @param bound at least 1
   */
  public int below(int bound) {
    return (int) ((bits() & 0xFFFFFFFFL) * bound >>> 32);
  }

  /** Returns a normally distributed number (Box and Muller's cosine); equal on all machines. */
  public double normal() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - uniform()));
    return radius * StrictMath.cos(2 * Math.PI * uniform());
  }
}
