package org.lamina.opencl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Small texts about a device that took time to find out, in files of the user's cache folder: one
 * for each combination of name, device and driver.
 *
 * <p>A store never fails: what cannot be read or is damaged is as if it had never been there, what
 * cannot be written is lost with the process. Each file begins with the hash of the rest. Files
 * appear complete or not at all, so several processes may share a folder.
 */
public final class MeasurementStore {

  private final Optional<Path> folder;

  /**
   * Makes a store; touches no file.
   *
   * @param folder where the files are, for example {@link CacheFolders#measurements}; created when
   *     it is needed. Empty for a store that keeps nothing
   */
  public MeasurementStore(Optional<Path> folder) {
    this.folder = folder;
  }

  /**
   * Returns what was stored about a device.
   *
   * @param name what it is about: {@code roofline}
   */
  public Optional<String> read(Device device, String name) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      String[] parts = Files.readString(file(device, name)).split("\n", 2);
      boolean whole = parts.length == 2 && Hash.of(parts[1]).hex().equals(parts[0]);
      return whole ? Optional.of(parts[1]) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // not there or not text: measured again
    }
  }

  /**
   * Stores a text about a device over what was there, if the folder lets it.
   *
   * @param name what it is about: {@code roofline}
   * @return the file; empty if it could not be written
   */
  public Optional<Path> write(Device device, String name, String text) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    try {
      Files.createDirectories(folder.get());
      Path fresh = Files.createTempFile(folder.get(), "new", ".tmp");
      try {
        String whole = Hash.of(text).hex() + "\n" + text;
        Files.write(fresh, whole.getBytes(StandardCharsets.UTF_8));
        Files.move(
            fresh,
            file(device, name),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
      return Optional.of(file(device, name));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // measured again in the next process
    }
  }

  private Path file(Device device, String name) {
    Hash key =
        Hash.of(
            device.name(),
            Integer.toString(device.computeUnits()),
            device.driverVersion(),
            device.version(),
            device.platform(),
            device.platformVersion());
    return folder.orElseThrow().resolve(name + "-" + key.hex().substring(0, 16) + ".txt");
  }
}
