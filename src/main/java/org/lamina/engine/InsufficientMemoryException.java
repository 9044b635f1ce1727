package org.lamina.engine;

import java.util.Comparator;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.lamina.opencl.Device;

/**
 * Thrown when a plan, for inference or training, needs more memory than the device has: says how
 * much it needs, how much there is, which three layers need most, and the largest batch that fits.
 */
public final class InsufficientMemoryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  // What a Java buffer can hold.
  private static final long MOST_TRANSFER = Integer.MAX_VALUE;

  private final int largestBatch;

  private InsufficientMemoryException(String message, int largestBatch) {
    super(message);
    this.largestBatch = largestBatch;
  }

  /** Returns the largest batch that fits the device; 0 if not even one image does. */
  public int largestBatch() {
    return largestBatch;
  }

  /**
   * Throws unless the schedule fits the device.
   *
   * @throws InsufficientMemoryException if it does not
   */
  static void check(Schedule schedule, Device device) {
    check(schedule, device.toString(), device.globalMemory(), device.maxAllocation());
  }

  static void check(Schedule schedule, String device, long memory, long maxAllocation) {
    if (fits(schedule, memory, maxAllocation)) {
      return;
    }
    int fitting = largestBatch(schedule, memory, maxAllocation);
    String largest = largest(schedule.bytesByLayer());
    String advice =
        fitting > 0
            ? "the largest batch that fits is " + fitting
            : "not even one image fits: take another device or a smaller network";
    if (fitsDevice(schedule, memory, maxAllocation)) {
      throw new InsufficientMemoryException(
          "network '%s' with batch %d moves %s to or from the device at once, but a transfer has at most %s; %s"
              .formatted(
                  schedule.network().name(),
                  schedule.batch(),
                  mebibytes(schedule.largestTransfer()),
                  mebibytes(MOST_TRANSFER),
                  advice),
          fitting);
    }
    throw new InsufficientMemoryException(
        "network '%s' with batch %d needs %s, but %s has %s (at most %s in one piece); the largest layers are %s; %s"
            .formatted(
                schedule.network().name(),
                schedule.batch(),
                mebibytes(schedule.bytes()),
                device,
                mebibytes(memory),
                mebibytes(maxAllocation),
                largest,
                advice),
        fitting);
  }

  /**
   * Throws unless the training of a network fits the device.
   *
   * @param more bytes that it takes besides its plan, for the optimiser
   * @throws InsufficientMemoryException if it does not
   */
  static void check(TrainingSchedule schedule, long more, Device device) {
    check(schedule, more, device.toString(), device.globalMemory(), device.maxAllocation());
  }

  static void check(
      TrainingSchedule schedule, long more, String device, long memory, long maxAllocation) {
    if (fits(schedule, more, memory, maxAllocation)) {
      return;
    }
    int batch = schedule.options().batch();
    int fitting = largestBatch(schedule, more, memory, maxAllocation);
    String advice =
        fitting > 0
            ? "the largest batch that fits is %d; 'accumulate' makes a larger one of parts"
                .formatted(fitting)
            : "not even one image fits: take another device or a smaller network";
    if (!schedule.options().recompute()) {
      TrainingSchedule other =
          TrainingSchedule.of(
              schedule.network(),
              schedule.family(),
              schedule.options().withRecompute(true),
              maxAllocation);
      advice += "; with 'recompute: on' it needs " + mebibytes(other.bytes() + more);
    }
    throw new InsufficientMemoryException(
        "training '%s' with batch %d needs %s (%s for activations and their gradients, %s for parameters, %s for the optimiser), but %s has %s (at most %s in one piece); the largest layers are %s; %s"
            .formatted(
                schedule.network().name(),
                batch,
                mebibytes(schedule.bytes() + more),
                mebibytes(schedule.activationBytes()),
                mebibytes(schedule.parameterBytes()),
                mebibytes(more),
                device,
                mebibytes(memory),
                mebibytes(maxAllocation),
                largest(TrainingMemory.bytesByLayer(schedule)),
                advice),
        fitting);
  }

  private static boolean fits(
      TrainingSchedule schedule, long more, long memory, long maxAllocation) {
    return schedule.bytes() + more <= memory
        && TrainingMemory.largestAllocation(schedule) <= maxAllocation;
  }

  private static int largestBatch(
      TrainingSchedule schedule, long more, long memory, long maxAllocation) {
    int low = 0;
    int high = schedule.options().batch();
    while (high - low > 1) { // low fits (or is 0), high does not
      int middle = (low + high) >>> 1;
      TrainingSchedule smaller =
          TrainingSchedule.of(
              schedule.network(),
              schedule.family(),
              schedule.options().withBatch(middle),
              maxAllocation);
      if (fits(smaller, more, memory, maxAllocation)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static String largest(Map<String, Long> bytesByLayer) {
    return bytesByLayer.entrySet().stream()
        .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
        .limit(3)
        .map(entry -> entry.getKey() + " " + mebibytes(entry.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static boolean fits(Schedule schedule, long memory, long maxAllocation) {
    return fitsDevice(schedule, memory, maxAllocation)
        && schedule.largestTransfer() <= MOST_TRANSFER;
  }

  private static boolean fitsDevice(Schedule schedule, long memory, long maxAllocation) {
    return schedule.bytes() <= memory && schedule.largestAllocation() <= maxAllocation;
  }

  private static int largestBatch(Schedule schedule, long memory, long maxAllocation) {
    Set<String> kept = new HashSet<>(schedule.outputs().keySet());
    int low = 0;
    int high = schedule.batch();
    while (high - low > 1) { // low fits (or is 0), high does not
      int middle = (low + high) >>> 1;
      Schedule smaller =
          Schedule.of(
              schedule.network(),
              schedule.family(),
              middle,
              kept,
              maxAllocation,
              schedule.choices());
      if (fits(smaller, memory, maxAllocation)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%,.1f MiB", bytes / 1048576.0);
  }
}
