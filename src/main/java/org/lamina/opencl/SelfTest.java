package org.lamina.opencl;

/**
 * Runs one small kernel and compares its integer arithmetic, fused multiply-add, local memory and
 * barriers with what Java computes. Takes about a second where the kernel is not in the cache.
 */
public final class SelfTest {

  private static final int GROUPS = 8;
  private static final int LARGEST_GROUP = 64;
  private static final int ROUNDS = 20;
  private static final float A = 1 + 0x1p-12f;

  /**
   * What a self-test found.
   *
   * @param passed whether the device computes correctly
   * @param text {@code passed}, or what is wrong
   */
  public record Result(boolean passed, String text) {}

  private SelfTest() {}

  /** Tests a device; whatever goes wrong is in the result and not thrown. */
  public static Result run(Device device) {
    try (Session session = Session.open(device)) {
      return run(session);
    } catch (ClException | IllegalArgumentException e) {
      return new Result(false, e.getMessage());
    }
  }

  private static Result run(Session session) {
    int group = (int) Math.min(LARGEST_GROUP, Long.highestOneBit(session.device().maxWorkGroup()));
    DeviceBuffer sums = session.allocate("the self-test", GROUPS);
    DeviceBuffer fused = session.allocate("the self-test", (long) GROUPS * group);
    session
        .program("self_test.cl", Macros.none().define("GROUP", group))
        .kernel("self_test")
        .set("sums", sums)
        .set("fused", fused)
        .set("rounds", ROUNDS)
        .set("a", A)
        .enqueue(Range.cover((long) GROUPS * group, 1, 1, group, 1, 1));
    return compare(group, sums.read(), fused.read());
  }

  static Result compare(int group, float[] sums, float[] fused) {
    float[] expected = sums(group);
    for (int g = 0; g < GROUPS; g++) {
      if (sums[g] != expected[g]) {
        return new Result(
            false, "group " + g + " adds up to " + sums[g] + " instead of " + expected[g]);
      }
    }
    for (float value : fused) {
      if (value != Math.fma(A, A, -(1 + 0x1p-11f))) {
        return new Result(false, "fma() gives " + value + " instead of 2^-24");
      }
    }
    return new Result(true, "passed");
  }

  /** Returns what the groups add up to. */
  static float[] sums(int group) {
    float[] sums = new float[GROUPS];
    for (int i = 0; i < GROUPS * group; i++) {
      sums[i / group] += generate(i) >>> 24;
    }
    return sums;
  }

  private static int generate(int seed) {
    int v = seed;
    for (int i = 0; i < ROUNDS; i++) {
      v = v * 1664525 + 1013904223;
    }
    return v;
  }
}
