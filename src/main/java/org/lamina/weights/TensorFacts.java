package org.lamina.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What one sees of a tensor at a glance. Equal values have equal facts, whatever file they are in.
 *
 * @param elements how many values there are
 * @param least the least finite value; NaN if there is none
 * @param greatest the greatest finite value; NaN if there is none
 * @param mean the mean of the finite values; NaN if there is none
 * @param nonFinite how many values are infinite or NaN
 * @param checksum SHA-256, in hexadecimal digits, of the values as little-endian float32
 */
public record TensorFacts(
    long elements, float least, float greatest, double mean, long nonFinite, String checksum) {

  /**
   * Reads a tensor piece by piece.
   *
   * @throws WeightsException if it cannot be read, or its values are not real numbers
   */
  public static TensorFacts of(WeightSource source, String name) {
    Collector collector = new Collector();
    source.stream(name, collector);
    return collector.facts();
  }

  /** Sums up values as they come by. */
  public static final class Collector implements WeightSource.Pieces {

    private static final int AT_A_TIME = 1 << 13;

    private final MessageDigest digest;
    private final ByteBuffer bytes =
        ByteBuffer.allocate(AT_A_TIME * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long elements;
    private float least = Float.POSITIVE_INFINITY;
    private float greatest = Float.NEGATIVE_INFINITY;
    private double sum;
    private long nonFinite;

    /** Begins with no values. */
    public Collector() {
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    @Override
    public void accept(float[] values, int offset, int count) {
      for (int i = offset; i < offset + count; i++) {
        float value = values[i];
        if (Float.isFinite(value)) {
          least = Math.min(least, value);
          greatest = Math.max(greatest, value);
          sum += value;
        } else {
          nonFinite++;
        }
      }
      for (int done = 0; done < count; done += AT_A_TIME) {
        int now = Math.min(AT_A_TIME, count - done);
        bytes.clear().asFloatBuffer().put(values, offset + done, now);
        digest.update(bytes.limit(now * Float.BYTES));
      }
      elements += count;
    }

    /** Returns the facts of all values so far; nothing may come afterwards. */
    public TensorFacts facts() {
      long finite = elements - nonFinite;
      return new TensorFacts(
          elements,
          finite == 0 ? Float.NaN : least,
          finite == 0 ? Float.NaN : greatest,
          finite == 0 ? Double.NaN : sum / finite,
          nonFinite,
          HexFormat.of().formatHex(digest.digest()));
    }
  }
}
