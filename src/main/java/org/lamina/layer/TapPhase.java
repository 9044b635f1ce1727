package org.lamina.layer;

/**
 * Which taps of a window meet the pixels {@code first + stride*a} of one axis, and where they find
 * dy: tap {@code tap + step*j} at {@code origin + a - back*j}.
 *
 * @param tap the first tap
 * @param step from one tap to the next
 * @param origin where the first tap finds dy for the first pixel
 * @param back how much nearer to the beginning each further tap does
 */
record TapPhase(int tap, int step, int origin, int back) {

  /** Returns the taps for the pixels from {@code first} on, which is less than the stride. */
  static TapPhase of(int first, int kernel, int stride, int dilation, int pad) {
    int common = gcd(stride, dilation);
    int tap = 0;
    while (tap < kernel && Math.floorMod(first + pad - tap * dilation, stride) != 0) {
      tap++;
    }
    int origin = Math.floorDiv(first + pad - tap * dilation, stride);
    return new TapPhase(tap, stride / common, origin, dilation / common);
  }

  /** Returns how many taps there are. */
  int taps(int kernel) {
    return tap >= kernel ? 0 : (kernel - tap + step - 1) / step;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
