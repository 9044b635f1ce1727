package org.lamina.data.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.lamina.data.DataException;
import org.lamina.data.ImageException;

/**
 * Packs a data set into shards: a few large files instead of many small ones, with check sums, and
 * scaled down if that is wanted. The folder appears when all of it is written and on the disk.
 */
public final class Packer {

  /** Samples that are encoded ahead, for each thread. */
  private static final int AHEAD = 4;

  /**
   * What was packed.
   *
   * @param samples in all shards
   * @param shards files
   * @param bytes of all files
   * @param unreadable what was left out, and why
   */
  public record Summary(long samples, int shards, long bytes, List<String> unreadable) {

    /** Copies the list. */
    public Summary {
      unreadable = List.copyOf(unreadable);
    }
  }

  private final PackOptions options;
  private final Runnable progress;
  private final Path folder;
  private final List<String> unreadable = new ArrayList<>();
  private long samples;
  private int shards;
  private long bytes;

  private Packer(PackOptions options, Runnable progress, Path folder) {
    this.options = options;
    this.progress = progress;
    this.folder = folder;
  }

  /**
   * Packs all parts of a data set.
   *
   * @param out the folder that is made; it must not exist, or be empty
   * @param progress told after every sample
   * @throws DataException if the folder is there and not empty, or cannot be written; or a picture
   *     cannot be read and is not to be skipped; or none of a part can
   */
  public static Summary pack(Splits splits, Path out, PackOptions options, Runnable progress) {
    Path target = out.toAbsolutePath().normalize();
    Path partial = target.resolveSibling("." + Folders.name(target) + ".partial");
    try {
      if (Files.exists(target) && (!Files.isDirectory(target) || !Folders.list(target).isEmpty())) {
        throw new DataException(out + ": is there already; name a new folder");
      }
      remove(partial); // of a run that was killed
      Files.createDirectories(partial);
      Packer packer = new Packer(options, progress, partial);
      packer.part(splits.train(), "train");
      splits.validation().ifPresent(part -> packer.part(part, "val"));
      splits.test().ifPresent(part -> packer.part(part, "test"));
      Files.deleteIfExists(target);
      Files.move(partial, target);
      flush(target.getParent());
      return new Summary(packer.samples, packer.shards, packer.bytes, packer.unreadable);
    } catch (IOException e) {
      throw new DataException(out + ": cannot be written: " + e.getMessage(), e);
    } finally {
      remove(partial);
    }
  }

  private static void flush(Path folder) {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows refuses to open folders; what is in the shards is on the disk in any case.
    }
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.walk(folder)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new DataException(folder + ": cannot be removed: " + e.getMessage(), e);
    }
  }

  private void part(Dataset set, String name) {
    ExecutorService pool = Executors.newFixedThreadPool(options.threads());
    try {
      long before = samples;
      part(set, name, pool);
      if (samples == before) {
        throw new DataException(set.name() + ": no picture can be read");
      }
    } catch (IOException e) {
      throw new DataException(set.name() + ": cannot be packed: " + e.getMessage(), e);
    } finally {
      pool.shutdownNow();
    }
  }

  /** Encodes ahead on all threads and writes in order. */
  private void part(Dataset set, String name, ExecutorService pool) throws IOException {
    Encoder encoder = new Encoder(options);
    Deque<Future<byte[]>> ahead = new ArrayDeque<>();
    int submitted = 0;
    int index = 0;
    for (int shard = 0; index < set.size(); shard++) {
      Path file =
          folder.resolve(
              String.format(Locale.ROOT, "%s-%05d%s", name, shard, ShardFormat.EXTENSION));
      long first = samples;
      try (ShardWriter writer = new ShardWriter(file, set.classes())) {
        while (index < set.size() && writer.bytes() < options.shardBytes()) {
          while (submitted < set.size() && ahead.size() < AHEAD * options.threads()) {
            int next = submitted++;
            ahead.add(pool.submit(() -> encoder.encode(set, next)));
          }
          add(writer, set, index++, ahead.remove());
        }
        writer.finish();
      }
      if (samples == first) {
        Files.delete(file); // all that was left could not be read
      } else {
        shards++;
        bytes += Files.size(file);
      }
    }
  }

  /** A file and the two folders above it; where those lie is nobody's business. */
  private static String shortened(String sample) {
    String[] path = sample.split("[/\\\\]");
    return String.join("/", List.of(path).subList(Math.max(0, path.length - 3), path.length));
  }

  private void add(ShardWriter writer, Dataset set, int index, Future<byte[]> encoded)
      throws IOException {
    try {
      byte[] sample = encoded.get();
      writer.add(shortened(set.sample(index)), set.label(index), sample);
      samples++;
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof ImageException problem)) {
        throw new DataException(set.sample(index) + ": " + e.getCause(), e.getCause());
      }
      if (!options.skip()) {
        throw problem;
      }
      unreadable.add(problem.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DataException(set.name() + ": interrupted while packing", e);
    }
    progress.run();
  }
}
