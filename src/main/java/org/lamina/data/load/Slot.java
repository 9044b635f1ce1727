package org.lamina.data.load;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.TreeMap;
import org.lamina.data.load.Batch.Unreadable;

/** The memory of one batch, used again and again. All but the values is guarded by the loader. */
final class Slot {

  private final FloatBuffer images;
  private final int[] labels;
  private final int[] samples;
  private final TreeMap<Integer, Unreadable> unreadable = new TreeMap<>();
  private long batch = -1;
  private long first;
  private int count;
  private int missing;

  /**
   * Makes memory for a batch.
   *
   * @param batch samples
   * @param volume floats of a sample, all views together
   */
  Slot(int batch, int volume) {
    long bytes = (long) batch * volume * Float.BYTES;
    images =
        ByteBuffer.allocateDirect(Math.toIntExact(bytes))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    labels = new int[batch];
    samples = new int[batch];
  }

  /** Begins another batch. */
  void begin(long newBatch, long newFirst, int newCount) {
    batch = newBatch;
    first = newFirst;
    count = newCount;
    missing = newCount;
    unreadable.clear();
    int used = images.capacity() / labels.length * newCount;
    for (int i = used; i < images.capacity(); i++) {
      images.put(i, 0);
    }
  }

  /** Notes that samples are there. */
  void arrived(int samplesMore) {
    missing -= samplesMore;
  }

  void addUnreadable(int place, Unreadable problem) {
    unreadable.put(place, problem);
  }

  boolean holds(long number) {
    return batch == number;
  }

  boolean isComplete() {
    return missing == 0;
  }

  /** Returns whether nobody uses this memory, so that another batch may begin. */
  boolean isFree() {
    return batch < 0;
  }

  void free() {
    batch = -1;
  }

  FloatBuffer images() {
    return images;
  }

  int[] labels() {
    return labels;
  }

  int[] samples() {
    return samples;
  }

  List<Unreadable> unreadable() {
    return List.copyOf(unreadable.values());
  }

  long first() {
    return first;
  }

  int count() {
    return count;
  }
}
