package org.lamina.opencl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A file with a native library in a folder that only this user can change.
 *
 * <p>The folder is {@code <cache>/native/<SHA-256 of the library>}, so that it is written once; its
 * contents are compared with that hash before each use. If the folder cannot be had, or others
 * could change it, the library goes to a fresh temporary folder that is deleted after loading.
 */
final class NativeLibrary implements AutoCloseable {

  private final Path file;
  private final boolean temporary;

  private NativeLibrary(Path file, boolean temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /**
   * Returns a verified copy of a library.
   *
   * @param name the name of the file
   * @param content what it must hold
   * @param cache the folder under which it may stay for the next process
   * @throws IOException if it can be written nowhere
   */
  static NativeLibrary provide(String name, byte[] content, Optional<Path> cache)
      throws IOException {
    if (cache.isPresent()) {
      try {
        Path folder = cache.get().resolve(Hash.of(content).hex());
        if (PrivateFolder.make(folder)) {
          return new NativeLibrary(place(folder.resolve(name), content), false);
        }
      } catch (IOException | UnsupportedOperationException | SecurityException e) {
        // not here, then: the temporary folder is as good, only slower
      }
    }
    Path folder = Files.createTempDirectory("lamina-"); // fresh, and private where there is POSIX
    return new NativeLibrary(place(folder.resolve(name), content), true);
  }

  /** Returns the folder that holds the library. */
  Path folder() {
    return file.getParent();
  }

  /** Returns the library. */
  Path file() {
    return file;
  }

  /** Deletes a temporary copy; a system that keeps loaded files open does so when the JVM ends. */
  @Override
  public void close() {
    if (temporary) {
      try {
        Files.deleteIfExists(file);
        Files.deleteIfExists(folder());
      } catch (IOException e) {
        folder().toFile().deleteOnExit(); // deleted in reverse order: the file first
        file.toFile().deleteOnExit();
      }
    }
  }

  private static Path place(Path file, byte[] content) throws IOException {
    if (!holds(file, content)) {
      Path fresh = Files.createTempFile(file.getParent(), "new", ".tmp");
      try {
        Files.write(fresh, content);
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
      if (!holds(file, content)) {
        throw new IOException(file + " does not hold what was just written to it");
      }
    }
    return file;
  }

  private static boolean holds(Path file, byte[] content) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && Files.size(file) == content.length
        && Hash.of(Files.readAllBytes(file)).equals(Hash.of(content));
  }
}
