package org.lamina.data.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.lamina.data.DataException;
import org.lamina.data.Pipeline;
import org.lamina.data.load.Batch.Unreadable;
import org.lamina.data.source.Cached;
import org.lamina.data.source.Dataset;

/**
 * Makes batches ahead of whoever uses them: threads decode and prepare pictures into a ring of
 * buffers, the batches come out in order.
 *
 * <p>Sample by sample the result depends on the data set, the pipeline, the seed and the place in
 * the order, and on nothing else: batches of another size and another number of threads give the
 * same bits. A training goes on from any place as if it had come there itself.
 *
 * <p>{@link #next} is for one thread at a time; a batch may be closed by any.
 */
public final class Loader implements AutoCloseable {

  /** So many samples that could not be read are remembered by name; all are counted. */
  private static final int MOST_NAMED = 100;

  /** Small samples are made several at once, so that threads do not wait for each other. */
  private static final int CHUNK = 1 << 14;

  private final Order order;
  private final LoaderOptions options;
  private final long start;
  private final Slot[] ring;
  private final int chunk;
  private final List<Thread> threads = new ArrayList<>();
  private final long opened = System.nanoTime();

  // Guarded by the ring.
  private final List<Unreadable> named = new ArrayList<>();
  private long unreadable;
  private long claimed;
  private long delivered;
  private int working;
  private long failedAt = Long.MAX_VALUE;
  private Optional<Throwable> failure = Optional.empty();
  private boolean closed;
  private long waited;

  private Loader(
      Dataset dataset, Pipeline pipeline, Order order, long start, LoaderOptions options) {
    this.order = order;
    this.options = options;
    this.start = start;
    claimed = start;
    int volume = Math.toIntExact(pipeline.shape().volume() * pipeline.views());
    chunk = Math.max(1, CHUNK / volume);
    ring = new Slot[options.ahead()];
    for (int i = 0; i < ring.length; i++) {
      ring[i] = new Slot(options.batch(), volume);
    }
    boolean replacing = order.length() == Long.MAX_VALUE;
    for (int i = 1; i <= options.threads(); i++) {
      Samples samples = new Samples(dataset, pipeline, options.unreadable(), replacing);
      Thread thread = new Thread(() -> work(samples), "lamina-loader-" + i);
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  /**
   * Begins, or resumes, a training: one permutation of all samples after the other, without end and
   * without regard to batches, which are all full. Decoded pictures are kept in an eighth of Java's
   * memory, as many as fit.
   *
   * @param seed of the run
   * @param start place of the first sample, counted over all epochs: steps done times batch
   */
  public static Loader training(
      Dataset dataset, Pipeline pipeline, LoaderOptions options, long seed, long start) {
    Order order = Order.shuffled(dataset.size(), seed);
    return new Loader(Cached.of(dataset), pipeline, order, start, options);
  }

  /** Begins a pass over a data set in its own order, once. */
  public static Loader pass(Dataset dataset, Pipeline pipeline, LoaderOptions options) {
    return new Loader(dataset, pipeline, Order.once(dataset.size()), 0, options);
  }

  /**
   * Returns the next batch, when it is there; it must be closed before all of the ring is used up.
   * After the last batch of a pass nothing is returned.
   *
   * @throws DataException if a sample cannot be read and that is to end the run, or no sample can
   * @throws IllegalStateException if the loader is closed, or the thread is interrupted
   */
  public Optional<Batch> next() {
    synchronized (ring) {
      if (start + delivered * options.batch() >= order.length()) {
        return Optional.empty();
      }
      Slot slot = ring[(int) (delivered % ring.length)];
      long begin = System.nanoTime();
      long end = start + (delivered + 1) * options.batch();
      while (!(slot.holds(delivered) && slot.isComplete())) {
        requireOpen();
        if (failedAt < end && working == 0) {
          throw rethrown(failure.orElseThrow());
        }
        await();
      }
      waited += System.nanoTime() - begin;
      delivered++;
      note(slot.unreadable());
      return Optional.of(new Batch(slot, () -> release(slot)));
    }
  }

  private void note(List<Unreadable> problems) {
    unreadable += problems.size();
    for (Unreadable problem : problems) {
      if (named.size() < MOST_NAMED && !named.contains(problem)) {
        named.add(problem);
      }
    }
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (RuntimeException) failure;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the loader is closed");
    }
  }

  private void await() {
    try {
      ring.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
  }

  private void release(Slot slot) {
    synchronized (ring) {
      slot.free();
      ring.notifyAll();
    }
  }

  /** Places that one thread makes: from, and up to before, all in one batch. */
  private record Claim(Slot slot, long from, long to) {}

  private void work(Samples samples) {
    for (Optional<Claim> claim = claim(); claim.isPresent(); claim = claim()) {
      Claim places = claim.get();
      long at = places.from();
      try {
        for (; at < places.to(); at++) {
          int place = (int) (at - places.slot().first());
          Optional<Unreadable> problem = samples.make(order.at(at), places.slot(), place);
          problem.ifPresent(found -> unreadable(places.slot(), place, found));
        }
        finish(places);
      } catch (RuntimeException | Error e) {
        fail(e, at);
      }
    }
  }

  private Optional<Claim> claim() {
    synchronized (ring) {
      while (!closed && failure.isEmpty() && claimed < order.length()) {
        long batch = (claimed - start) / options.batch();
        long first = start + batch * options.batch();
        long end = Math.min(first + options.batch(), order.length());
        Slot slot = ring[(int) (batch % ring.length)];
        if (slot.isFree()) {
          slot.begin(batch, first, (int) (end - first));
        }
        if (slot.holds(batch)) {
          long from = claimed;
          claimed = Math.min(from + chunk, end);
          working++;
          return Optional.of(new Claim(slot, from, claimed));
        }
        try {
          ring.wait();
        } catch (InterruptedException e) {
          return Optional.empty(); // nobody but close() interrupts these threads
        }
      }
      return Optional.empty();
    }
  }

  private void unreadable(Slot slot, int place, Unreadable problem) {
    synchronized (ring) {
      slot.addUnreadable(place, problem);
    }
  }

  private void finish(Claim claim) {
    synchronized (ring) {
      working--;
      claim.slot().arrived((int) (claim.to() - claim.from()));
      ring.notifyAll();
    }
  }

  private void fail(Throwable e, long place) {
    synchronized (ring) {
      working--;
      if (place < failedAt) {
        failedAt = place;
        failure = Optional.of(e);
      }
      ring.notifyAll();
    }
  }

  /** Returns how long {@link #next} has waited for batches that were not ready, in all. */
  public Duration waited() {
    synchronized (ring) {
      return Duration.ofNanos(waited);
    }
  }

  /** Returns the share of the time since the loader was opened that {@link #next} has waited. */
  public double waitShare() {
    return waited().toNanos() / (double) Math.max(1, System.nanoTime() - opened);
  }

  /** Returns how many samples of the batches so far could not be read. */
  public long unreadableCount() {
    synchronized (ring) {
      return unreadable;
    }
  }

  /** Returns the first hundred of them, each once. */
  public List<Unreadable> unreadable() {
    synchronized (ring) {
      return List.copyOf(named);
    }
  }

  /** Stops the threads and waits for them; batches that are still open must not be used. */
  @Override
  public void close() {
    synchronized (ring) {
      closed = true;
      ring.notifyAll();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
