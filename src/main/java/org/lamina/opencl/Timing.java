package org.lamina.opencl;

/**
 * When one launch happened, on the device's clock, whose zero is arbitrary. Where the driver has
 * none the times are those of the host, and hold what the launch itself costs, too.
 *
 * @param kernel the name of the kernel
 * @param queuedNanos when it was enqueued, in nanoseconds
 * @param startNanos when the device began it
 * @param endNanos when the device finished it
 */
public record Timing(String kernel, long queuedNanos, long startNanos, long endNanos) {

  /** Returns the nanoseconds that the device worked on it. */
  public long durationNanos() {
    return endNanos - startNanos;
  }
}
