package org.lamina.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lamina.tensor.Tensor;
import org.lamina.weights.AtomicFile;
import org.lamina.weights.Safetensors;

/**
 * The folder of a run: everything that is known about it, for people and for going on.
 *
 * <pre>
 *   network.yaml           the network and its recipe, everything resolved
 *   run.json               where the data was, device, versions, seed
 *   labels.txt             the names of the classes
 *   metrics.csv            the table of losses and accuracies
 *   tensorboard/           the same for TensorBoard
 *   checkpoints/           the last two
 *   best.safetensors       the weights of the best evaluation
 *   last.safetensors       the weights at the end
 *   report.html, *.png     pictures of it all
 * </pre>
 *
 * <p>One process at a time writes to a folder: it holds a lock as long as it does.
 */
public final class RunFolder implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> FACTS = new TypeReference<>() {};

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private RunFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes the folder of a new run.
   *
   * @throws RunException if there is a run already, somebody else writes to it, or it cannot be
   *     made
   */
  public static RunFolder create(Path path) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new RunException(path + ": the run's folder cannot be made: " + reason(e), e);
    }
    if (Files.exists(path.resolve("network.yaml"))) {
      throw new RunException(
          path
              + ": there is a run already; go on with it (--resume "
              + path
              + ") or name another folder (--out)");
    }
    return locked(path);
  }

  /**
   * Opens the folder of a run that is to go on.
   *
   * @throws RunException if it holds none, or somebody else writes to it
   */
  public static RunFolder open(Path path) {
    if (!Files.isRegularFile(path.resolve("network.yaml"))) {
      throw new RunException(path + ": holds no run: there is no network.yaml");
    }
    return locked(path);
  }

  private static RunFolder locked(Path path) {
    try {
      FileChannel channel =
          FileChannel.open(
              path.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new RunException(path + ": another process is at work on this run");
      }
      return new RunFolder(path, channel, lock);
    } catch (IOException e) {
      throw new RunException(path + ": cannot be written: " + reason(e), e);
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String reason(IOException e) {
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return kind.equals("FileSystem") || kind.equals("IO") ? e.getMessage() : kind;
  }

  /** Returns the folder. */
  public Path path() {
    return path;
  }

  /** Returns the network's file. */
  public Path network() {
    return path.resolve("network.yaml");
  }

  /** Returns the table of metrics. */
  public Path metrics() {
    return path.resolve("metrics.csv");
  }

  /** Returns the weights of the best evaluation. */
  public Path best() {
    return path.resolve("best.safetensors");
  }

  /** Returns the weights at the end. */
  public Path last() {
    return path.resolve("last.safetensors");
  }

  Path tensorboard() {
    return path.resolve("tensorboard");
  }

  Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /**
   * Writes what is known before the first step.
   *
   * @param network the network and its recipe as YAML
   * @param facts what {@code run.json} says
   * @param classes the names of the classes
   * @throws RunException if it cannot be written
   */
  public void begin(String network, Map<String, ?> facts, List<String> classes) {
    try {
      write(path.resolve("run.json"), json(facts));
      write(path.resolve("labels.txt"), String.join("\n", classes) + "\n");
      write(network(), network); // the last one: it makes the folder a run
    } catch (IOException e) {
      throw new RunException(path + ": cannot be written: " + reason(e), e);
    }
  }

  private static String json(Map<String, ?> facts) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(facts) + "\n";
  }

  /**
   * Returns what {@code run.json} says.
   *
   * @throws RunException if it cannot be read
   */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    try {
      facts.putAll(JSON.readValue(path.resolve("run.json").toFile(), FACTS));
    } catch (IOException e) {
      throw new RunException(path.resolve("run.json") + ": cannot be read: " + reason(e), e);
    }
    return facts;
  }

  /**
   * Writes a text file whole or not at all.
   *
   * @throws IOException if it cannot be written
   */
  static void write(Path file, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, out -> AtomicFile.drain(java.nio.ByteBuffer.wrap(bytes), out));
  }

  /** Writes weights, with where they come from beside them. */
  static void writeWeights(Path file, Map<String, Tensor> weights, Map<String, String> about) {
    Safetensors.write(file, weights, org.lamina.weights.ElementType.F32, about);
  }

  /** Gives the folder free. */
  @Override
  public void close() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new RunException(path + ": cannot be closed: " + reason(e), e);
    }
  }
}
