package org.lamina.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.lamina.tensor.Tensor;
import org.lamina.weights.Safetensors;
import org.lamina.weights.WeightsException;

/**
 * The checkpoints of a run: a folder for each, there whole or not at all.
 *
 * <p>{@code step-0000001200/} holds {@code weights.safetensors}, {@code optimizer.safetensors} and
 * {@code state.json} with the SHA-256 of both. It is written under a name that begins with a point,
 * flushed to the disk and renamed; only then are older ones removed, and the last two always stay.
 * A folder that is damaged in any way is passed over.
 */
final class Checkpoints {

  private static final int KEPT = 2;
  private static final String PREFIX = "step-";
  private static final String WEIGHTS = "weights.safetensors";
  private static final String MEMORIES = "optimizer.safetensors";
  private static final String STATE = "state.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  /**
   * All that a training needs to go on.
   *
   * @param state where it stands
   * @param weights all parameters, running statistics included, by name
   * @param memories what the optimiser remembers, by {@code 0.} or {@code 1.} and the name
   */
  record Checkpoint(
      TrainingState state, Map<String, Tensor> weights, Map<String, Tensor> memories) {

    /** Copies the maps, keeping their order. */
    Checkpoint {
      weights = new LinkedHashMap<>(weights);
      memories = new LinkedHashMap<>(memories);
    }
  }

  /** What {@code state.json} holds. */
  private record Written(TrainingState state, Map<String, String> sha256) {}

  /** Keeps checkpoints in a folder, which is made when the first one is written. */
  Checkpoints(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes a checkpoint.
   *
   * @throws IOException if it cannot be written; what was there is untouched
   */
  void write(Checkpoint checkpoint) throws IOException {
    Files.createDirectories(folder);
    removeLeftovers();
    String name = String.format(Locale.ROOT, "%s%010d", PREFIX, checkpoint.state().step());
    Path target = folder.resolve(name);
    Path temporary = folder.resolve("." + name);
    try {
      Files.createDirectory(temporary);
      fill(temporary, checkpoint);
      flush(temporary);
      delete(target); // from a session that ended between its rename and its last row of metrics
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      flush(folder);
    } catch (WeightsException e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      delete(temporary);
    }
    List<Path> all = all();
    for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
      delete(old);
    }
  }

  private static void fill(Path into, Checkpoint checkpoint) throws IOException {
    Map<String, String> sums = new LinkedHashMap<>();
    Safetensors.write(into.resolve(WEIGHTS), checkpoint.weights());
    Safetensors.write(into.resolve(MEMORIES), checkpoint.memories());
    for (String file : List.of(WEIGHTS, MEMORIES)) {
      sums.put(file, sha256(into.resolve(file)));
    }
    ObjectWriter writer = JSON.writerWithDefaultPrettyPrinter();
    try (FileChannel channel =
        FileChannel.open(
            into.resolve(STATE), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      byte[] text = writer.writeValueAsBytes(new Written(checkpoint.state(), sums));
      channel.write(ByteBuffer.wrap(text));
      channel.force(true);
    }
  }

  /**
   * Reads the newest checkpoint that is whole; empty if there is none.
   *
   * @param warnings told of those that are not
   * @throws IOException if the folder cannot be read
   */
  Optional<Checkpoint> newest(Consumer<String> warnings) throws IOException {
    for (Path candidate : all()) {
      try {
        return Optional.of(read(candidate));
      } catch (IOException | WeightsException e) {
        warnings.accept(candidate + ": damaged, the one before is taken: " + e.getMessage());
      }
    }
    return Optional.empty();
  }

  private static Checkpoint read(Path from) throws IOException {
    Written written;
    try {
      written = JSON.readValue(from.resolve(STATE).toFile(), Written.class);
    } catch (JsonProcessingException e) {
      throw new IOException(STATE + " is no state of a training", e);
    }
    if (written == null || written.state() == null || written.sha256() == null) {
      throw new IOException(STATE + " is incomplete");
    }
    for (String file : List.of(WEIGHTS, MEMORIES)) {
      if (!sha256(from.resolve(file)).equals(written.sha256().get(file))) {
        throw new IOException(file + " does not have the checksum that " + STATE + " gives");
      }
    }
    return new Checkpoint(
        written.state(), tensors(from.resolve(WEIGHTS)), tensors(from.resolve(MEMORIES)));
  }

  private static Map<String, Tensor> tensors(Path path) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    try (Safetensors file = Safetensors.open(path)) {
      for (String name : file.shapes().keySet()) {
        tensors.put(name, file.read(name).orElseThrow());
      }
    }
    return tensors;
  }

  /** Returns the folders of checkpoints, the newest first. */
  List<Path> all() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith(PREFIX))
          .sorted(Comparator.comparing(Path::getFileName).reversed())
          .toList();
    }
  }

  private void removeLeftovers() throws IOException {
    List<Path> leftovers = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "." + PREFIX + "*")) {
      entries.forEach(leftovers::add);
    }
    for (Path leftover : leftovers) {
      delete(leftover);
    }
  }

  private static void delete(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> entries = Files.list(path)) {
      files = entries.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(path);
  }

  private static String sha256(Path path) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /** Makes names durable; systems that cannot open a folder do so by themselves. */
  private static void flush(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows refuses to open folders. The files are on the disk in any case.
    }
  }
}
