package org.lamina.data.load;

import org.lamina.data.Numbers;
import org.lamina.data.SampleKey;
import org.lamina.tensor.Philox;

/**
 * Which sample comes when. Every epoch of a training has a permutation of its own, made of the seed
 * and the number of the epoch alone, so that an order goes on anywhere without having been followed
 * up to there.
 */
final class Order {

  private static final long STREAM = Philox.stream("shuffle");

  private final int size;
  private final long seed;
  private final boolean shuffled;
  private int epoch = -1;
  private int[] permutation = {};

  private Order(int size, long seed, boolean shuffled) {
    this.size = size;
    this.seed = seed;
    this.shuffled = shuffled;
  }

  /** Returns the order of a training, without end: each epoch has every sample once. */
  static Order shuffled(int size, long seed) {
    return new Order(size, seed, true);
  }

  /** Returns the order of the data set itself, once. */
  static Order once(int size) {
    return new Order(size, 0, false);
  }

  /** Returns how many there are in all. */
  long length() {
    return shuffled ? Long.MAX_VALUE : size;
  }

  /** Returns what the sample at a place is known by; the places of one epoch should be together. */
  synchronized SampleKey at(long place) {
    int index = (int) (place % size);
    if (!shuffled) {
      return new SampleKey(seed, 0, index);
    }
    int wanted = Math.toIntExact(place / size);
    if (wanted != epoch) {
      permutation = permutation(size, seed, wanted);
      epoch = wanted;
    }
    return new SampleKey(seed, epoch, permutation[index]);
  }

  /** Returns the permutation of an epoch (Fisher and Yates), every one equally likely. */
  static int[] permutation(int size, long seed, int epoch) {
    Numbers numbers = Numbers.of(new SampleKey(seed, epoch, 0), STREAM);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = numbers.below(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
