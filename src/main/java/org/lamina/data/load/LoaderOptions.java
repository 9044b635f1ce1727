package org.lamina.data.load;

/**
 * How batches are made.
 *
 * @param batch samples in one, at least 1
 * @param threads that decode, at least 1; how many does not change a bit of the result
 * @param ahead batches that are held in memory at once, at least 2: one that is used, the others
 *     being made
 * @param unreadable what is done with samples that cannot be read
 */
public record LoaderOptions(int batch, int threads, int ahead, Unreadable unreadable) {

  /** What is done with samples that cannot be read. Either way they are named. */
  public enum Unreadable {
    /**
     * The run goes on: in training the next sample of the data set that can be read stands in, with
     * its label; elsewhere the sample is left out.
     */
    SKIP,
    /** The run ends. */
    FAIL
  }

  /** Checks the numbers. */
  public LoaderOptions {
    require("batch", batch, 1);
    require("threads", threads, 1);
    require("ahead", ahead, 2);
  }

  private static void require(String what, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, but is %d".formatted(what, least, value));
    }
  }

  /** Returns usual options: a thread for every processor, three batches, unreadable is skipped. */
  public static LoaderOptions of(int batch) {
    int threads = Runtime.getRuntime().availableProcessors();
    return new LoaderOptions(batch, threads, 3, Unreadable.SKIP);
  }

  /** Returns the same with another number of threads. */
  public LoaderOptions withThreads(int count) {
    return new LoaderOptions(batch, count, ahead, unreadable);
  }

  /** Returns the same with another number of batches in memory. */
  public LoaderOptions withAhead(int batches) {
    return new LoaderOptions(batch, threads, batches, unreadable);
  }

  /** Returns the same with another treatment of samples that cannot be read. */
  public LoaderOptions withUnreadable(Unreadable what) {
    return new LoaderOptions(batch, threads, ahead, what);
  }
}
