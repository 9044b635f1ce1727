package org.lamina.model;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.lamina.data.DataException;
import org.lamina.data.Preprocessor;
import org.lamina.network.Network;

/**
 * Photos on their way into a network: decoded and prepared in the background, a bounded number
 * ahead of whoever takes them, in order.
 *
 * <p>Decoding begins when the object is made, so that it goes on while a device is opened.
 */
public final class Photos implements Iterator<Photos.Photo>, AutoCloseable {

  /** How many prepared photos may wait; a photo for AlexNet takes 0.6 MB. */
  private static final int AHEAD = 32;

  private final Preprocessor preprocessor;
  private final Iterator<Path> files;
  private final int count;
  private final ExecutorService workers;
  private final Queue<CompletableFuture<Photo>> waiting = new ArrayDeque<>();

  /**
   * A photo as the network wants it.
   *
   * @param file where it came from
   * @param pixels [C, H, W] of the network's input; empty if there is a problem
   * @param problem why it cannot be used
   */
  record Photo(Path file, float[] pixels, Optional<String> problem) {}

  private Photos(Preprocessor preprocessor, List<Path> files) {
    this.preprocessor = preprocessor;
    this.files = files.iterator();
    count = files.size();
    workers =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(files.size(), Runtime.getRuntime().availableProcessors())),
            task -> {
              Thread thread = new Thread(task, "lamina-photos");
              thread.setDaemon(true); // whoever forgets to close must not keep the process alive
              return thread;
            });
    fill();
  }

  /**
   * Begins to prepare photos for a network.
   *
   * @param files pictures, not folders
   * @throws org.lamina.network.NetworkException if the network does not say how pictures are
   *     prepared, or does not have exactly one input
   */
  public static Photos of(Network network, List<Path> files) {
    return new Photos(Preprocessor.of(network), files);
  }

  private void fill() {
    while (waiting.size() < AHEAD && files.hasNext()) {
      Path file = files.next();
      waiting.add(CompletableFuture.supplyAsync(() -> prepared(file), workers));
    }
  }

  private Photo prepared(Path file) {
    try {
      return new Photo(file, preprocessor.read(file), Optional.empty());
    } catch (DataException e) {
      return new Photo(file, new float[0], Optional.of(e.getMessage()));
    }
  }

  /** Returns how many photos there are in all. */
  public int count() {
    return count;
  }

  @Override
  public boolean hasNext() {
    return !waiting.isEmpty();
  }

  /** Returns the next photo; waits until it is prepared. */
  @Override
  public Photo next() {
    if (waiting.isEmpty()) {
      throw new NoSuchElementException();
    }
    try {
      return waiting.remove().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error; // an exhausted heap is to be reported as such
      }
      throw e;
    } finally {
      fill();
    }
  }

  /** Stops what is still in the background. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
