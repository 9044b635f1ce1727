package org.lamina.data.load;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Prepared pictures with labels, in memory that the device may be filled from. It is the loader's
 * again when closed.
 */
public final class Batch implements AutoCloseable {

  /** The label of a sample that could not be read and is left out. */
  public static final int NONE = -1;

  /**
   * A sample that could not be read.
   *
   * @param sample what it is called
   * @param problem what is wrong with it
   */
  public record Unreadable(String sample, String problem) {}

  private final Slot slot;
  private final Runnable release;
  private boolean closed;

  Batch(Slot slot, Runnable release) {
    this.slot = slot;
    this.release = release;
  }

  /** Returns how many samples there are: the loader's batch, less in the last one of a pass. */
  public int count() {
    return slot.count();
  }

  /**
   * Returns the place of the first sample: in training counted over all epochs, else in the set.
   */
  public long first() {
    return slot.first();
  }

  /**
   * Returns the pictures: direct, in the order of the machine, [batch, views, C, H, W]. What is
   * behind {@link #count} samples is 0, and so are samples that are left out.
   *
   * @throws IllegalStateException if the batch is closed
   */
  public FloatBuffer images() {
    requireOpen();
    return slot.images().duplicate().clear();
  }

  /** Returns the labels, by sample; {@link #NONE} for samples that are left out. */
  public int[] labels() {
    requireOpen();
    return Arrays.copyOf(slot.labels(), count());
  }

  /** Returns the indices of the samples in their data set. */
  public int[] samples() {
    requireOpen();
    return Arrays.copyOf(slot.samples(), count());
  }

  /** Returns what could not be read, in the order of the samples. */
  public List<Unreadable> unreadable() {
    requireOpen();
    return slot.unreadable();
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the batch is closed");
    }
  }

  /** Gives the memory back; closing twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      release.run();
    }
  }
}
