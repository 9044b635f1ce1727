package org.lamina.opencl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Built programs in files, one for each combination of source, options, device and driver.
 *
 * <p>A cache never fails: what cannot be read, is damaged or cannot be written is as if it had
 * never been there. Files appear under their final name complete or not at all, so several
 * processes may share a folder. When the files take more than a limit, those that were not used for
 * the longest time are deleted.
 */
final class KernelCache {

  /**
   * A built program.
   *
   * @param kernels the arguments of every kernel; kept beside the binary because a driver need not
   *     keep names in it
   * @param binary what the driver makes a program of
   */
  record Entry(Map<String, List<Argument>> kernels, byte[] binary) {}

  private static final String FORMAT = "lamina-kernels-1";
  private static final String SUFFIX = ".bin";
  private static final int HASH_LENGTH = 64;

  private final Optional<Path> folder;
  private final long limit;

  /**
   * @param folder where the files are, or empty for a cache that keeps nothing
   * @param limit the bytes that all files may take
   */
  KernelCache(Optional<Path> folder, long limit) {
    this.folder = folder;
    this.limit = limit;
  }

  /** Returns the key of a program on a device. */
  static Hash key(Device device, String source, String options) {
    return Hash.of(
        FORMAT,
        source,
        options,
        device.name(),
        device.driverVersion(),
        device.version(),
        device.platform(),
        device.platformVersion());
  }

  /** Returns what was stored, if it is there and undamaged. */
  Optional<Entry> load(Hash key) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(key);
    try {
      if (!PrivateFolder.isPrivate(folder.get())) {
        return Optional.empty();
      }
      Entry entry = decode(Files.readAllBytes(file));
      touch(file);
      return Optional.of(entry);
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // not there or damaged: built again, and stored over it
    }
  }

  /** Stores a program, if the folder lets it. */
  void store(Hash key, Entry entry) {
    if (folder.isEmpty()) {
      return;
    }
    try {
      if (!PrivateFolder.make(folder.get())) {
        return;
      }
      Path fresh = Files.createTempFile(folder.get(), "new", ".tmp");
      try {
        Files.write(fresh, encode(entry));
        Files.move(
            fresh, file(key), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
      trim();
    } catch (IOException | RuntimeException e) {
      return; // a cache that cannot be written costs time in the next process and nothing else
    }
  }

  private Path file(Hash key) {
    return folder.orElseThrow().resolve(key.hex() + SUFFIX);
  }

  private static void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException e) {
      return; // only makes it look older than it is when the cache is trimmed
    }
  }

  private void trim() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder.orElseThrow())) {
      all.filter(file -> file.toString().endsWith(SUFFIX)).forEach(files::add);
    }
    files.sort(Comparator.comparing((Path file) -> file.toFile().lastModified()).reversed());
    long kept = 0;
    for (Path file : files) {
      kept += file.toFile().length();
      if (kept > limit) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Hash of the rest, then the kernels with their arguments, then the binary. */
  private static byte[] encode(Entry entry) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(entry.kernels().size());
    for (Map.Entry<String, List<Argument>> kernel : entry.kernels().entrySet()) {
      out.writeUTF(kernel.getKey());
      out.writeInt(kernel.getValue().size());
      for (Argument argument : kernel.getValue()) {
        out.writeUTF(argument.name());
        out.writeUTF(argument.type());
      }
    }
    out.write(entry.binary());
    byte[] content = bytes.toByteArray();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.write(Hash.of(content).hex().getBytes(StandardCharsets.US_ASCII));
    file.write(content);
    return file.toByteArray();
  }

  private static Entry decode(byte[] file) throws IOException {
    byte[] content = Arrays.copyOfRange(file, HASH_LENGTH, file.length);
    String hash = new String(file, 0, HASH_LENGTH, StandardCharsets.US_ASCII);
    if (!Hash.of(content).hex().equals(hash)) {
      // Never shown to a driver, see Quirks.abortsOnForeignBinaries.
      throw new IOException("damaged");
    }
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(content));
    Map<String, List<Argument>> kernels = new LinkedHashMap<>();
    for (int left = in.readInt(); left > 0; left--) {
      String name = in.readUTF();
      List<Argument> arguments = new ArrayList<>();
      for (int more = in.readInt(); more > 0; more--) {
        arguments.add(new Argument(in.readUTF(), in.readUTF()));
      }
      kernels.put(name, arguments);
    }
    return new Entry(kernels, in.readAllBytes());
  }
}
