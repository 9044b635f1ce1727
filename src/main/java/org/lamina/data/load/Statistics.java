package org.lamina.data.load;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.lamina.data.ByteSteps;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;
import org.lamina.data.PixelStatistics;
import org.lamina.data.source.Dataset;
import org.lamina.network.Network;
import org.lamina.network.NetworkException;

/** Looks at a training set to find out what its pixels are like. */
public final class Statistics {

  /** More pictures hardly change the result. */
  static final int MOST_PICTURES = 10_000;

  private Statistics() {}

  /**
   * Returns the statistics of the pictures of a training set, prepared as the network says up to
   * the first scale, mean or std: of all, or of 10,000 in equal distances if there are more.
   * Pictures that cannot be read are left out. The number of threads changes nothing.
   *
   * @throws NetworkException if the network's preprocessing has a resize or crop after scale, mean
   *     or std
   * @throws DataException if no picture can be read
   */
  public static PixelStatistics of(Dataset dataset, Network network, int threads) {
    ByteSteps steps = ByteSteps.of(network);
    int pictures = Math.min(dataset.size(), MOST_PICTURES);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    PixelStatistics all = new PixelStatistics(steps.channels());
    try {
      List<Future<PixelStatistics>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int first = i;
        parts.add(pool.submit(() -> part(dataset, steps, pictures, first, threads)));
      }
      for (Future<PixelStatistics> part : parts) {
        all.add(part.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(dataset.name() + ": interrupted while looking at the pictures", e);
    } catch (ExecutionException e) {
      throw new DataException(dataset.name() + ": " + e.getCause().getMessage(), e.getCause());
    } finally {
      pool.shutdownNow();
    }
    if (all.pixels() == 0) {
      throw new DataException(dataset.name() + ": no picture can be read");
    }
    return all;
  }

  private static PixelStatistics part(
      Dataset dataset, ByteSteps steps, int pictures, int first, int step) {
    PixelStatistics part = new PixelStatistics(steps.channels());
    for (int i = first; i < pictures; i += step) {
      try {
        part.add(steps.apply(dataset.read((int) ((long) i * dataset.size() / pictures))));
      } catch (ImageException e) {
        continue; // the loader names it when its turn comes
      }
    }
    return part;
  }
}
