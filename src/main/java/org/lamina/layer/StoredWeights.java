package org.lamina.layer;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.lamina.tensor.Half;

/**
 * Weights as {@code opencl/common/weights.clh} reads them, in a buffer that counts in floats: one
 * float, two halves or four 8-bit integers in each.
 *
 * <p>The float that holds several smaller numbers may be any pattern of bits, a NaN included; it is
 * only moved, never computed with.
 */
final class StoredWeights {

  private StoredWeights() {}

  /** Makes one slab of weights: the values of the slab with that number. */
  @FunctionalInterface
  interface Slabs {
    /** Fills {@code values}, which holds zeros. */
    void fill(int slab, float[] values);
  }

  /** Returns the weights that share a float. */
  static int inFloat(Precision precision) {
    return switch (precision) {
      case SINGLE, TF32 -> 1;
      case HALF -> 2;
      case INT8 -> 4;
    };
  }

  /** Returns the floats that hold {@code weights} weights, a multiple of 4 of them. */
  static long floats(long weights, Precision precision) {
    return weights / inFloat(precision);
  }

  /**
   * Fills a buffer slab by slab, several at a time.
   *
   * @param precision how weights are stored; integers have been scaled to -127 .. 127 before
   * @param slabs how many slabs there are
   * @param size weights of a slab, a multiple of 4
   */
  static void pack(Precision precision, int slabs, int size, Slabs filler, FloatBuffer out) {
    int floats = size / inFloat(precision);
    FloatBuffer target = out.slice();
    // An array for every worker, not for every slab: together those are as large as the weights.
    int workers = Math.min(slabs, Runtime.getRuntime().availableProcessors());
    AtomicInteger next = new AtomicInteger();
    IntStream.range(0, workers)
        .parallel()
        .forEach(
            worker -> {
              float[] values = new float[size];
              for (int slab; (slab = next.getAndIncrement()) < slabs; ) {
                Arrays.fill(values, 0);
                filler.fill(slab, values);
                target.put(slab * floats, stored(values, precision), 0, floats);
              }
            });
    out.position(out.position() + slabs * floats);
  }

  /** Writes the floats whose bits are the stored values over the beginning of the array. */
  private static float[] stored(float[] values, Precision precision) {
    if (precision == Precision.SINGLE) {
      return values;
    }
    int together = inFloat(precision);
    int width = Float.SIZE / together;
    int count = values.length / together;
    for (int i = 0; i < count; i++) {
      int bits = 0;
      for (int j = 0; j < together; j++) {
        float value = values[i * together + j];
        int small =
            precision == Precision.HALF ? Half.fromFloat(value) & 0xFFFF : Math.round(value) & 0xFF;
        bits |= small << j * width;
      }
      // What stood there has been read already.
      values[i] = Float.intBitsToFloat(bits);
    }
    return values;
  }
}
