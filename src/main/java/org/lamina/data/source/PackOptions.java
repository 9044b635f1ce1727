package org.lamina.data.source;

/**
 * How pictures are packed.
 *
 * @param side pixels that the shorter side of larger pictures is scaled down to; 0 to leave all as
 *     they are
 * @param format what samples are stored as
 * @param quality of JPEG, 1 to 100
 * @param shardBytes about how large a shard becomes, at least 1
 * @param threads that encode
 * @param skip whether pictures that cannot be read are left out, instead of ending it all
 */
public record PackOptions(
    int side, Format format, int quality, long shardBytes, int threads, boolean skip) {

  /** What samples are stored as. */
  public enum Format {
    /** The bytes that are there, where the picture need not be scaled; else JPEG. */
    KEEP,
    /** JPEG, which loses a little; small. */
    JPEG,
    /** PNG, which loses nothing. */
    PNG,
    /** Pixels, which need no decoding; large. */
    RAW
  }

  /** Checks the numbers. */
  public PackOptions {
    require(side >= 0, "size must be at least 0, but is " + side);
    require(quality >= 1 && quality <= 100, "quality must be from 1 to 100, but is " + quality);
    require(shardBytes >= 1, "a shard must have at least 1 byte, but has " + shardBytes);
    require(threads >= 1, "threads must be at least 1, but is " + threads);
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** Returns usual options: nothing scaled or encoded anew, shards of 256 MiB. */
  public static PackOptions defaults() {
    return new PackOptions(
        0, Format.KEEP, 90, 256L << 20, Runtime.getRuntime().availableProcessors(), true);
  }
}
