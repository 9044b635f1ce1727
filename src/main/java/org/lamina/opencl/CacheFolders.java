package org.lamina.opencl;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where Lamina keeps what it can make again: {@code $LAMINA_CACHE}, else {@code
 * $XDG_CACHE_HOME/lamina}, else {@code .cache/lamina} in the user's home.
 */
public final class CacheFolders {

  private CacheFolders() {}

  /** Returns the folder for built programs, or nothing if the environment names no valid path. */
  public static Optional<Path> kernels() {
    return root(System.getenv(), System.getProperty("user.home", ""))
        .map(r -> r.resolve("kernels"));
  }

  /**
   * Returns the folder for what was measured, or nothing if the environment names no valid path.
   */
  public static Optional<Path> measurements() {
    return root(System.getenv(), System.getProperty("user.home", ""))
        .map(r -> r.resolve("measured"));
  }

  /** Returns the folder for JOCL's native library. */
  static Optional<Path> nativeLibraries() {
    return root(System.getenv(), System.getProperty("user.home", "")).map(r -> r.resolve("native"));
  }

  static Optional<Path> root(Map<String, String> environment, String home) {
    String own = environment.getOrDefault("LAMINA_CACHE", "");
    String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
    if (!own.isEmpty()) {
      return path(own);
    }
    if (!xdg.isEmpty()) {
      return path(xdg).map(p -> p.resolve("lamina"));
    }
    return home.isEmpty() ? Optional.empty() : path(home).map(p -> p.resolve(".cache/lamina"));
  }

  private static Optional<Path> path(String text) {
    try {
      return Optional.of(Path.of(text).toAbsolutePath());
    } catch (InvalidPathException e) {
      return Optional.empty(); // works without a cache
    }
  }
}
